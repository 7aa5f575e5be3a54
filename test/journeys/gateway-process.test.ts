import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Operation, operations } from '../../server/src/keeper/contract.ts'
import { openWorld, type World } from '../../server/src/keeper/test/world.ts'
import { users } from '../../server/src/platform/process/identity.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { runProgram } from '../support/process.ts'
import type { Superuser } from '../support/superuser.ts'
import { until } from '../support/until.ts'

/*
 * Whoever takes over a gateway process has its user, its role in the database and its role at the keeper. None of them reaches
 * the root key, another account's credential, or history.
 */

const isRoot = process.getuid?.() === 0

describe("with the gateway's token at the keeper", () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world?.close())

  const foreign = (Object.keys(operations) as Operation[]).filter((name) => !operations[name].allowed.includes('gateway'))
  test('there are operations that are not its own', () => {
    expect(foreign).toContain('managerSecret')
    expect(foreign).toContain('rotationSecret')
    expect(foreign).toContain('append')
    expect(foreign).toContain('openRecording')
  })

  test.each(foreign)('%s is refused, and the try raises an alarm', async (operation) => {
    const answer = await world.gateway.ask(operation, {} as never)
    expect(answer).toMatchObject({ ok: false, error: { code: 'keeper.not_allowed' } })
    const entries = await world.entries()
    expect(entries.some((e) => e.act === 'alarm.keeper' && e.fields.subject === operation)).toBe(true)
  })
})

describe("with the gateway's role in the database", () => {
  let claviger: Claviger
  let db: Superuser
  beforeAll(async () => {
    claviger = await startClaviger({ lab: false })
    db = await claviger.superuser()
  })
  afterAll(async () => {
    await db?.close()
    await claviger?.stop()
  })

  const as = async (role: string, statement: string): Promise<string> => {
    await db.sql('begin')
    try {
      await db.sql(`set local role ${role}`)
      await db.sql(statement)
      return 'done'
    } catch (error) {
      return (error as { code?: string }).code ?? 'failed'
    } finally {
      await db.sql('rollback')
    }
  }
  // PostgreSQL docs, appendix A
  const denied = '42501'

  test.each([
    ['reads no secret', 'select * from vault.secret_version'],
    ['reads no location key', 'select * from vault.location_key'],
    ['reads no use of a second factor', 'select * from vault.factor_use'],
    ['reads no password verifier', 'select verifier from factor'],
    ['reads no sign-in', 'select token_hash from sign_in'],
    ['inserts no grant', 'insert into access_grant default values'],
    ['changes no grant', 'update access_grant set ends_at = now()'],
    ['inserts no approval', 'insert into approval default values'],
    ['changes no person', `update person set groups = '{security}'`],
    ['changes no target', `update target set settings = '{}'`],
    ['changes no policy', `update policy set state = 'retired'`],
    ['changes no ledger entry', `update ledger_entry set bytes = ''`],
    ['deletes no ledger entry', 'delete from ledger_entry'],
    ['gives no place in the ledger', 'update ledger_entry set place = 1'],
    ['runs no program', `copy person to program 'true'`],
    ['reads no file', `select pg_read_file('/etc/hostname')`],
  ])('it %s', async (_what, statement) => {
    expect(await as('claviger_gateway', statement)).toBe(denied)
  })

  test.each([
    ['changes the bytes of no ledger entry', `update ledger_entry set bytes = ''`],
    ['changes the tag of no ledger entry', `update ledger_entry set tag = ''`],
    ['deletes no ledger entry', 'delete from ledger_entry'],
    ['empties no ledger', 'truncate ledger_entry cascade'],
    ['disables no trigger', 'alter table ledger_entry disable trigger all'],
    ['reads no secret', 'select * from vault.secret_version'],
  ])("the server's role %s", async (_what, statement) => {
    expect(await as('claviger_server', statement)).toBe(denied)
  })

  test('an entry that has its place is moved by nobody', async () => {
    const bytes = Buffer.from('{}')
    await db.sql(`insert into ledger_entry (id, bytes, origin, tag) values ('ent_notmoved01', $1, 'api', $1)`, [bytes])
    await until('its place', async () => (await db.sql('select 1 from ledger_entry where place is not null')).length > 0)
    await db.sql('set session_replication_role = default')
    const moved = await db.sql('update ledger_entry set place = place + 1000000').then(
      () => 'moved',
      (error: { constraint?: string }) => error.constraint,
    )
    await db.sql('set session_replication_role = replica')
    expect(moved).toBe('ledger_entry_never_changed')
  })

  if (isRoot)
    describe("and with the gateway's user", () => {
      const gateway = { uid: users.gateway, gid: 64810 }
      const tries = (script: string) =>
        runProgram(process.execPath, ['-e', script], { seconds: 180, ...gateway, env: { PATH: '/usr/bin:/bin' } })
      const opens = async (path: string) =>
        (
          await tries(
            `try { require('fs').closeSync(require('fs').openSync(${JSON.stringify(path)})); console.log('opened') } catch (e) { console.log(e.code) }`,
          )
        ).out.trim()

      test('it opens no file of the keeper, of the database and of the supervisor', async () => {
        const keeper = join(claviger.data, 'keeper')
        const files = readdirSync(keeper).map((name) => join(keeper, name))
        expect(files.some((f) => f.endsWith('dev-root.key'))).toBe(true)
        for (const file of [
          keeper,
          ...files,
          join(claviger.data, 'secrets', 'database-superuser'),
          join(claviger.data, 'postgres', 'cluster', 'PG_VERSION'),
        ])
          expect(await opens(file), file).toBe('EACCES')
      })

      test('it reads neither the memory nor the environment of the other parts', async () => {
        for (const part of ['keeper', 'api', 'database'] as const)
          for (const what of ['mem', 'environ', 'maps', 'fd/0'])
            expect(await opens(`/proc/${claviger.pid(part)}/${what}`), `${what} of the ${part}`).toMatch(/EACCES|EPERM/)
      })

      test('it ends and debugs no other part', async () => {
        const before = { keeper: claviger.pid('keeper'), api: claviger.pid('api') }
        for (const pid of Object.values(before)) {
          const { out } = await tries(`try { process.kill(${pid}, 'SIGKILL'); console.log('killed') } catch (e) { console.log(e.code) }`)
          expect(out.trim()).toBe('EPERM')
        }
        expect({ keeper: claviger.pid('keeper'), api: claviger.pid('api') }).toEqual(before)
      })

      test('it gets into the database as nobody without their password', async () => {
        const { connect } = { connect: join(process.cwd(), 'node_modules/pg/lib/index.js') }
        for (const user of ['claviger_keeper', 'claviger_server', 'claviger_owner', 'postgres']) {
          const script = `const pg = require(${JSON.stringify(connect)}); const c = new pg.Client({ host: ${JSON.stringify(join(claviger.data, 'run', 'postgres'))}, user: '${user}', password: 'guessed', database: 'claviger' }); c.connect().then(() => { console.log('in'); process.exit() }, (e) => { console.log(e.code); process.exit() })`
          expect((await tries(script)).out.trim(), user).toBe('28P01')
        }
      })

      test('none of the parts tells its secrets in its arguments or its environment', async () => {
        const secret = readFileSync(join(claviger.data, 'secrets', 'database-superuser'), 'utf8').trim()
        for (const part of ['keeper', 'api', 'gateway', 'database'] as const) {
          const pid = claviger.pid(part)
          const seen = readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8')
          expect(seen).not.toContain(secret)
          expect(seen).not.toMatch(/(password|token|secret)[=:]/i)
        }
      })
    })
})
