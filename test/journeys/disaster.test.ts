import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { access, audit, backup, call, controls, identity, inventory, rotation } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newAgeKey } from '../../server/src/platform/crypto/age.ts'
import { type DebianCluster, startDebianCluster } from '../../server/src/platform/postgres-server/debian-cluster.fixture.ts'
import { type Claviger, cli, root, startClaviger } from '../support/claviger.ts'
import { must, type Person, withCode } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { ssh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { accounts, alarm, entries, grant, takeOver, workAccount } from '../support/work.ts'

/*
 * The worst day: everything is backed up, then every credential is replaced, also those of the accounts that manage the targets; then database and
 * folder are gone, and nothing is left but the escrow, the backup, and a checkpoint that somebody kept. Restored on an empty machine, every
 * credential in the vault logs in, and nothing that was given before is worth anything.
 */

const many = 100
let claviger: Claviger
/** A PostgreSQL with a hundred accounts, which the disaster does not reach. */
let erp: DebianCluster
let carol: Person
let alice: Person
let at: string
let all: inventory.Account[]
let granted: access.Grant
let waiting: access.AccessRequest
let disasterAt: string

const kept = (name: string) => join(claviger.work, name)
const file = () => kept('backup.tar.age')
const keyFile = () => kept('age.key')

const restore = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  await runProgram(process.execPath, [join(root, 'server/src/main.ts'), ...args], { seconds: 600, env: { ...claviger.env, ...env } })
const verify = (path: string, ...more: string[]) => restore(['verify-backup', path, '--identity', keyFile(), '--json', ...more])

async function addErp(): Promise<void> {
  erp = await startDebianCluster({ max_connections: '40' })
  const roles = Array.from({ length: many - 1 }, (_, i) => `create role erp${i} login createrole password 'at first ${i}';`)
  await erp.sql(`create role keeper login superuser password 'at first'; ${roles.join('')}`)
  const [found] = await erp.sql('select system_identifier::text as id from pg_control_system()')
  carol = await claviger.person('carol')
  await withCode(carol.code, (code) =>
    call(carol.api, inventory.addTarget, {
      body: {
        ...{ name: 'erp', kind: 'postgres', environment: 'production', tier: 1, code },
        settings: { host: '127.0.0.1', port: erp.port, database: 'postgres', tls: 'off-scram' },
        identity: { proof: 'scram-server-signature', systemIdentifier: String(found?.id) },
        login: { account: 'keeper', kind: 'password', secret: 'at first' },
      },
    }),
  )
}

/** Every credential is replaced; the manager of each target too. */
async function rotateAll(): Promise<void> {
  const ids = all.map((a) => a.id)
  const ordered = must(await call(carol.api, rotation.rotateMany, { body: { choice: { by: 'accounts', ids }, reason: 'a journey' } }))
  await until(
    'all to be rotated',
    async () => must(await call(carol.api, rotation.rotationBatch, { params: { id: ordered.id } })).done === ids.length || undefined,
    600,
  )
}

const asCli = async (args: readonly string[], input = '') =>
  await cli(claviger, args, { input, env: { CLAVIGER_CONFIG: kept('carol-cli') }, seconds: 400 })

beforeAll(async () => {
  const age = await newAgeKey()
  claviger = await startClaviger({
    lab: true,
    env: { CLAVIGER_SEAL: 'shamir', CLAVIGER_BACKUP_EVERY: '1h', CLAVIGER_BACKUP_RECIPIENTS: age.recipient, CLAVIGER_BACKUP_KEEP: '2' },
  })
  writeFileSync(keyFile(), `# of the journey\n${age.identity}\n`, { mode: 0o600 })
  await addErp()
  alice = await claviger.person('alice')
  all = await takeOver(claviger)
  at = `${(await workAccount(claviger)).name}@web01`
}, 600_000)
afterAll(async () => {
  await claviger?.stop()
  await erp?.close()
})

describe('before', () => {
  test('the server backs itself up by its schedule, restores that once, and says so', async () => {
    const made = await until(
      'the scheduled backup',
      async () => must(await call(carol.api, backup.backups)).backups.find((b) => b.begunBy === null && b.state !== 'running'),
      280,
    )
    expect(made, made.error ?? '').toMatchObject({ state: 'done', kept: true, unchecked: null, checkedAt: expect.any(String) })
    const shown = must(await call(carol.api, controls.controls)).controls.find((c) => c.control === 'backup')
    expect(shown).toMatchObject({ silent: false })
  })

  test('an officer makes one by command, and nobody else may', async () => {
    const { api } = carol
    const signedIn = await asCli(
      ['login', '--name', 'carol', '--password-file', '-', '--code-file', '-'],
      `${carol.password}\n${await carol.code()}\n`,
    )
    expect(signedIn.status, signedIn.said).toBe(0)
    expect(await call(alice.api, backup.beginBackup, { body: { code: '000000' } })).toMatchObject({ ok: false, status: 403 })
    const bob = await claviger.person('bob')
    granted = (await grant(alice, bob, at)).grant
    const asked = await call(alice.api, access.fileRequest, { body: { account: 'erp0@erp', duration: '1h', reason: 'never decided' } })
    waiting = must(asked)
    expect((await ssh(claviger, alice, at, 'echo before')).out).toContain('before')
    writeFileSync(kept('outside.note'), must(await call({ base: claviger.base }, audit.checkpoint)).note)
    const made = await asCli(['backup', '--to', file(), '--recordings', '--code-file', '-', '--json'], `${await carol.code()}\n`)
    expect(made.status, made.said).toBe(0)
    const told = JSON.parse(made.out).backup
    expect(told).toMatchObject({ state: 'done', recordings: true, unchecked: null })
    expect(readFileSync(file()).length).toBe(told.bytes)
    const begun = (await entries(carol, 'backup.begun')).find((e) => e.fields.backup === told.id)
    expect(begun).toMatchObject({ phase: 'intent' })
    expect((await entries(carol, 'backup.done')).some((e) => e.fields.backup === told.id && e.fields.sha256 === told.sha256)).toBe(true)
    const listed = must(await call(api, backup.backups)).backups
    expect(listed.find((b) => b.id === told.id)).toMatchObject({ begunBy: 'carol' })
  })

  test('it is found good on another machine, and compared with what was kept outside', async () => {
    const good = await verify(file(), '--checkpoint', kept('outside.note'))
    expect(good.status, good.said).toBe(0)
    expect(JSON.parse(good.out).verified).toMatchObject({ anchored: true, missing: null })
  })
})

describe('after everything is gone', () => {
  test('a restore goes into an empty folder only', async () => {
    await rotateAll()
    await rotateAll()
    // what is kept after the backup knows of more than the backup
    writeFileSync(kept('newer.note'), must(await call({ base: claviger.base }, audit.checkpoint)).note)
    disasterAt = new Date().toISOString()
    await claviger.halt()
    const refused = await restore(['restore', file(), '--identity', keyFile()])
    expect(refused.status).toBe(1)
    expect(refused.said).toContain('is not empty, so nothing was touched')
    expect(existsSync(join(claviger.data, 'keeper', 'escrow.jsonl'))).toBe(true)
  }, 1_500_000)

  test('an older backup beside a newer checkpoint is found, and what is missing is named', async () => {
    mkdirSync(kept('left'))
    copyFileSync(join(claviger.data, 'keeper', 'escrow.jsonl'), kept('left/escrow.jsonl'))
    // the lab's targets live on: they are other machines
    renameSync(join(claviger.data, 'lab'), kept('lab'))
    rmSync(claviger.data, { recursive: true })
    const good = await verify(file(), '--checkpoint', kept('newer.note'))
    expect(good.status, good.said).toBe(0)
    expect(JSON.parse(good.out).verified.missing).toMatchObject({ from: expect.any(Number), to: expect.any(Number) })
  })

  test('a restore that is refused leaves nothing', async () => {
    const bad = readFileSync(file())
    bad[bad.length >> 1] = (bad[bad.length >> 1] ?? 0) ^ 1
    writeFileSync(kept('bad.age'), bad)
    const refused = await restore(['restore', kept('bad.age'), '--identity', keyFile()])
    expect(refused.status).toBe(1)
    expect(refused.said).toMatch(/somebody changed it, or the disk did/)
    expect(existsSync(join(claviger.data, 'keeper'))).toBe(false)
  })

  test('an empty machine gets everything back, anchored by what was kept', async () => {
    const left = ['--escrow', kept('left'), '--checkpoint', kept('outside.note')]
    const restored = await restore(['restore', file(), '--identity', keyFile(), ...left, '--json'])
    expect(restored.status, restored.said).toBe(0)
    expect(JSON.parse(restored.out).restored).toMatchObject({ anchored: true, missing: null })
    renameSync(kept('lab'), join(claviger.data, 'lab'))
    // the custodians' shares of before open it
    await claviger.again()
    carol = await claviger.person('carol')
  }, 900_000)

  test('a new epoch began, in which nothing of before is worth anything', async () => {
    expect(await call(alice.api, identity.me)).toMatchObject({ ok: false, status: 401 })
    const program = await ssh(claviger, alice, at, 'echo after')
    expect(program.status).toBe(255)
    expect(program.out).not.toContain('after')
    const { grants } = must(await call(carol.api, access.grants, { query: { state: 'active' } }))
    expect(grants).toEqual([])
    const { grants: over } = must(await call(carol.api, access.grants, { query: { state: 'void' } }))
    expect(over.map((g) => g.id)).toContain(granted.id)
    const { requests } = must(await call(carol.api, access.requests, { query: { limit: 200 } }))
    expect(requests.find((r) => r.id === waiting.id)?.state).toBe('void')
    const told = await alarm(carol, (a) => /the backup bak_.* was restored/.test(String(a.fields.why)))
    expect(String(told.fields.why)).toContain('an outside checkpoint vouches')
  })

  test('no credential is lost: each of them logs in', async () => {
    const before = all.map((a) => a.id)
    await until(
      'the credentials that only the escrow knew to be proven',
      async () => {
        const open = must(await call(carol.api, rotation.rotationOrders, { query: { state: 'open', limit: 200 } }))
        return open.total === 0 || undefined
      },
      600,
    )
    // every account that was taken over; one whose service is only observed has no credential of ours
    const now = (await accounts(claviger)).filter((a) => before.includes(a.id))
    expect(now.map((a) => a.id).sort()).toEqual(before.sort())
    const lost: string[] = []
    for (const account of now) {
      const { results } = must(await call(carol.api, rotation.verifyAccount, { params: { id: account.id } }))
      if (results.length === 0 || results.some((r) => r.code !== null))
        lost.push(`${account.name}@${account.target.name} ${JSON.stringify(results)}`)
    }
    expect(lost).toEqual([])
    expect(now.length).toBeGreaterThanOrEqual(many)
    const done = (await entries(carol, 'rotation.done')).filter((e) => e.at > disasterAt)
    expect(done.length).toBeGreaterThan(0)
  }, 900_000)

  test('people work again, and a recording of before can be seen', async () => {
    alice = await claviger.person('alice')
    await grant(alice, await claviger.person('bob'), at)
    expect((await ssh(claviger, alice, at, 'echo tomorrow')).out).toContain('tomorrow')
  })

  test('the ledger verifies against the checkpoint of before', async () => {
    const signedIn = await asCli(
      ['login', '--name', 'carol', '--password-file', '-', '--code-file', '-'],
      `${carol.password}\n${await carol.code()}\n`,
    )
    expect(signedIn.status, signedIn.said).toBe(0)
    const exported = await asCli(['audit', 'export', '--out', kept('ledger.jsonl')])
    expect(exported.status, exported.said).toBe(0)
    const verdict = await asCli(['audit', 'verify', kept('ledger.jsonl'), '--checkpoint', kept('outside.note'), '--json'])
    expect(verdict.status, verdict.said).toBe(0)
    // and whoever kept one of after the backup finds for ever what was lost
    const newer = await asCli(['audit', 'verify', kept('ledger.jsonl'), '--checkpoint', kept('newer.note'), '--json'])
    expect(newer.status).toBe(1)
  })
})
