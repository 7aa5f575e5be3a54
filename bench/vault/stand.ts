import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { access, call, checkOut, inventory } from '@claviger/api'
import { redisHarness } from '../../server/src/targets/redis/test/harness.ts'
import { type Claviger, startClaviger } from '../../test/support/claviger.ts'
import { must, type Person, withCode } from '../../test/support/person.ts'
import { takeOver } from '../../test/support/work.ts'
import { pgbench, type Way } from '../postgres/pgbench.ts'

/** The whole product, with accounts that people hold, and tickets with which their programs read the credentials. */
export interface Stand {
  port: number
  tickets: string[]
  /** For files of the bench's own. */
  folder: string
  /** pgbench in a database of its own on the product's own server. */
  anchor: Way
  close(): Promise<void>
}

/** A ticket takes a fresh code, of which a person has one in thirty seconds. */
const holders = ['alice', 'alice', 'carol', 'carol'] as const

/** `cache`: seconds for which sealed credentials are kept. */
export async function openStand(cache: string): Promise<Stand> {
  const claviger = await startClaviger({ lab: true, seconds: 4 * 3600, env: { CLAVIGER_READ_CACHE: cache } })
  const target = await redisHarness('aclfile').start()
  const close = async () => {
    await claviger.stop()
    await target.stop()
  }
  try {
    const carol = await claviger.person('carol')
    const { account, credential } = target.manager()
    const names = holders.map((_, at) => `app${at}`)
    for (const name of names) await target.addAccount(name, target.fresh()())
    const secret = await credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())
    await withCode(carol.code, (code) =>
      call(carol.api, inventory.addTarget, {
        body: {
          ...{ name: 'cache', kind: 'redis', environment: 'lab', tier: 2, code },
          ...{ settings: target.settings as never, identity: target.identity },
          login: { account, kind: 'password', secret },
        },
      }),
    )
    await takeOver(
      claviger,
      names.map((name) => `${name}@cache`),
    )
    const tickets: string[] = []
    for (const [at, name] of names.entries()) tickets.push(await ticketFor(await claviger.person(holders[at] ?? 'alice'), `${name}@cache`))
    return { port: claviger.ports.http, tickets, folder: claviger.work, anchor: await anchorOn(claviger), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function ticketFor(who: Person, account: string): Promise<string> {
  const body = { account, duration: '2h', reason: 'a bench', action: 'reveal' as const }
  const { grant } = must(await call(who.api, access.fileRequest, { body }))
  if (!grant) throw new Error(`${who.name} was not granted ${account}`)
  return (await withCode(who.code, (code) => call(who.api, checkOut.issueReadTicket, { params: { id: grant.id }, body: { code } }))).ticket
}

async function anchorOn({ data, work, superuser }: Claviger): Promise<Way> {
  const db = await superuser()
  await db.sql('create database bench')
  await db.close()
  const file = join(work, 'pgpass')
  mkdirSync(work, { recursive: true })
  writeFileSync(file, `*:*:*:*:${readFileSync(join(data, 'secrets', 'database-superuser'), 'utf8').trim()}\n`, { mode: 0o600 })
  const way: Way = {
    name: 'pgbench',
    libpq: async () => ({
      PGHOST: join(data, 'run', 'postgres'),
      PGPORT: '5432',
      PGUSER: 'postgres',
      PGDATABASE: 'bench',
      PGPASSFILE: file,
    }),
  }
  await pgbench(way, ['-i', '-q', '-s', '1'], 120)
  return way
}
