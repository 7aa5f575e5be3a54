import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, session } from '@claviger/api'
import { currentCredentials } from '../../test/faults/losses/vault.ts'
import { type Claviger, startClaviger } from '../../test/support/claviger.ts'
import { must } from '../../test/support/person.ts'
import { grant, takeOver } from '../../test/support/work.ts'
import { lastingTicket } from '../lasting-ticket.ts'
import { pgbench, type Way } from './pgbench.ts'
import { startPgBouncer } from './pgbouncer.ts'

/** The whole product with its lab, and PgBouncer between the same ends. */
export interface Stand {
  ours: Way
  pgbouncer: Way
  /** Recordings of runs that are over only fill the disk. */
  forgetRecordings(): void
  close(): Promise<void>
}

const account = 'app_admin'
const database = 'orders'

/** `scale`: hundred thousands of accounts that pgbench makes. */
export async function openStand(scale: number): Promise<Stand> {
  const claviger = await startClaviger({ lab: true, seconds: 4 * 3600 })
  const closing: (() => Promise<void>)[] = [() => claviger.stop()]
  const close = async () => {
    for (const one of closing.toReversed()) await one()
  }
  try {
    const [managed] = await takeOver(claviger, [`${account}@orders-db`])
    const alice = await claviger.person('alice')
    const granted = await grant(alice, await claviger.person('bob'), `${account}@orders-db`, '4h')
    // the anchor logs in with the same credential: that of the vault, opened with the lab's own root key
    const vaulted = (await currentCredentials(claviger)).find((c) => c.account === managed?.id && c.kind === 'password')
    if (vaulted?.text === undefined) throw new Error('the vault has no password to compare with')
    const target = { port: claviger.ports.database, database, user: account, password: vaulted.text }
    const direct = wayTo(claviger, 'direct', { ...target, tls: false, password: async () => target.password })
    await pgbench(direct, ['-i', '-q', '-s', `${scale}`], 600)
    const bouncer = await startPgBouncer(join(claviger.work, 'pgbouncer'), target)
    closing.push(() => bouncer.stop())
    const ticket = lastingTicket(async () => must(await call(alice.api, session.issueTicket, { params: { id: granted.grant.id } })))
    const first = await ticket()
    return {
      ours: wayTo(claviger, 'claviger', { ...first, database, tls: true, password: async () => (await ticket()).ticket }),
      pgbouncer: wayTo(claviger, 'pgbouncer', { ...target, port: bouncer.port, tls: true, password: async () => target.password }),
      forgetRecordings() {
        const folder = join(claviger.data, 'recordings')
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true })
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function wayTo(
  { work }: Claviger,
  name: string,
  to: { port: number; user: string; database: string; tls: boolean; password(): Promise<string> },
): Way {
  const file = join(work, 'passwords', name)
  mkdirSync(join(work, 'passwords'), { recursive: true, mode: 0o700 })
  return {
    name,
    async libpq() {
      const password = await to.password()
      writeFileSync(file, `*:*:*:*:${password.replaceAll(/[\\:]/g, (c) => `\\${c}`)}\n`, { mode: 0o600 })
      chmodSync(file, 0o600)
      return {
        ...{ PGHOST: '127.0.0.1', PGPORT: `${to.port}`, PGUSER: to.user, PGDATABASE: to.database, PGPASSFILE: file },
        ...{ PGSSLMODE: to.tls ? 'require' : 'disable', PGSSLROOTCERT: '/none', PGGSSENCMODE: 'disable' },
      }
    },
  }
}
