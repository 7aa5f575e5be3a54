import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { access, audit, call, identity, type inventory, session } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handOutCode } from '../../cli/src/codes/hand-out.ts'
import { fromBase32 } from '../../cli/src/codes/totp.ts'
import { type Claviger, cli, startClaviger } from '../support/claviger.ts'
import { must, type Person, withCode } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { ssh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { accounts, entries, grant, takeOver, workAccount } from '../support/work.ts'

/*
 * History that was changed while nobody looked: a row of the ledger taken out or altered, and a whole database of yesterday put
 * back. Each is seen at the start and named, nothing opens, and two officers go on from there without having lost a credential.
 */

let claviger: Claviger
let account: inventory.Account
let at: string
/** A second member of security, invited for the purpose. */
const erin: { name: string; password: string; secret: Uint8Array } = {
  name: 'erin',
  password: 'a long enough pass phrase',
  secret: Buffer.alloc(0),
}
const outside = () => join(claviger.work, 'outside.note')
const cluster = () => join(claviger.data, 'postgres', 'cluster')
const yesterday = () => join(claviger.work, 'yesterday')

const erinsCode = async () => (await handOutCode(claviger.data, 'erin', erin.secret, { from: 'soonest' })).code

async function inviteErin(carol: Person): Promise<void> {
  const { enrolmentToken: token } = await withCode(carol.code, (code) =>
    call(carol.api, identity.invitePerson, { body: { name: erin.name, displayName: 'Erin', groups: ['security'], code } }),
  )
  const begun = must(await call({ base: claviger.base }, identity.enrol, { body: { token, password: erin.password } }))
  erin.secret = fromBase32(begun.totp.secret) ?? Buffer.alloc(0)
  must(await call({ base: claviger.base }, identity.enrolConfirm, { body: { token, code: await erinsCode() } }))
}

/** Copies with owners and modes, as a backup does. */
async function copyCluster(from: string, to: string): Promise<void> {
  rmSync(to, { recursive: true, force: true })
  const { status, said } = await runProgram('cp', ['-a', from, to], { seconds: 240 })
  if (status !== 0) throw new Error(said)
}

/** The ledger, opened by the database's superuser while the server does not run. */
async function changeLedgerWhileStopped(change: string): Promise<void> {
  await claviger.again({ wait: false })
  const db = await claviger.superuser()
  // as good as while it is stopped: the keeper replays the ledger at its next start
  await db.sql(change)
  await db.close()
  await claviger.halt()
}

beforeAll(async () => {
  claviger = await startClaviger({ lab: true })
  await takeOver(claviger)
  account = await workAccount(claviger)
  at = `${account.name}@web01`
  await inviteErin(await claviger.person('carol'))
})
afterAll(() => claviger?.stop())

const refused = async (message: RegExp) => {
  // a keeper that is still reading says that it is not ready for that
  const ready = await until(`/readyz to say ${message}`, async () => {
    const now = await claviger.ready().catch(() => undefined)
    return message.test(now?.checks.keeper ?? '') && now
  })
  expect(ready.status).toBe(503)
  await until('what to do', () => /two security officers/.test(claviger.said()))
}

describe('a row of the ledger', () => {
  test('that was taken out is missed at the next start, and nothing opens until it is back', async () => {
    await claviger.halt()
    await copyCluster(cluster(), join(claviger.work, 'whole'))
    await changeLedgerWhileStopped('delete from ledger_entry where place = 20')
    await claviger.again({ wait: false })
    await refused(/no entry at place 20/)
    const carol = { name: 'carol', password: 'x' }
    expect(await call({ base: claviger.base }, identity.signIn, { body: carol })).toMatchObject({ ok: false })
  })

  test('that was altered is missed as well', async () => {
    await claviger.halt()
    await copyCluster(join(claviger.work, 'whole'), cluster())
    // a row put back as it was is the same history
    await changeLedgerWhileStopped('update ledger_entry set bytes = set_byte(bytes, 40, get_byte(bytes, 40) # 1) where place = 20')
    await claviger.again({ wait: false })
    await refused(/entries of the ledger are not those/)
    await claviger.halt()
    await copyCluster(join(claviger.work, 'whole'), cluster())
    await claviger.again()
    expect((await claviger.ready()).ok).toBe(true)
  })
})

describe("yesterday's database", () => {
  let before: { alice: Person; carol: Person; args: string[] }
  let size: number
  let acknowledgedAt: string

  /** Somebody whose certificate yesterday's database knows. */
  let dave: Person

  test('put back is seen at the start, with how many entries are missing; nothing opens', async () => {
    dave = await claviger.person('dave')
    await dave.sshArgs(at)
    await claviger.halt()
    await copyCluster(cluster(), yesterday())
    await claviger.again()
    const [alice, bob, carol] = [await claviger.person('alice'), await claviger.person('bob'), await claviger.person('carol')]
    await grant(alice, bob, at)
    expect((await ssh(claviger, alice, at, 'echo today')).out).toContain('today')
    // every credential is another one than yesterday's database knows, some of them twice
    await takeOver(claviger)
    await takeOver(claviger, ['root@web01', 'postgres@orders-db'])
    const kept = must(await call({ base: claviger.base }, audit.checkpoint))
    writeFileSync(outside(), kept.note)
    size = kept.size
    before = { alice, carol, args: await alice.sshArgs(at) }
    await claviger.halt()
    renameSync(cluster(), join(claviger.work, 'today'))
    await copyCluster(yesterday(), cluster())
    await claviger.again({ wait: false })
    await refused(/Entries \d+ to \d+ are missing: an old database was restored/)
    expect(await call(before.carol.api, identity.me)).toMatchObject({ ok: false })
    const tried = await ssh(claviger, alice, at, 'echo today')
    expect(tried.status).toBe(255)
    expect(tried.out).not.toContain('today')
  })

  test('is not forgotten by starting again', async () => {
    await claviger.halt()
    await claviger.again({ wait: false })
    await refused(/are missing: an old database was restored/)
  })

  test('is named by an offline verification against a checkpoint that was kept outside', async () => {
    const { note } = must(await call({ base: claviger.base }, audit.checkpoint))
    expect(Number(note.split('\n')[1])).toBeLessThan(size)
  })

  test('is acknowledged by two different officers, by nobody else, and not with a wrong password', async () => {
    const lab = JSON.parse(readFileSync(join(claviger.data, 'lab', 'people.json'), 'utf8'))
    const codeOf = async (name: string) =>
      (await handOutCode(claviger.data, name, fromBase32(lab.people[name].totpSecret) ?? Buffer.alloc(0), { from: 'soonest' })).code
    const acknowledge = async (name: string, password: string, code: string) =>
      await call({ base: claviger.base }, audit.acknowledge, { body: { name, password, code } })

    expect(await acknowledge('carol', 'not her password', '000000')).toMatchObject({ ok: false, status: 401 })
    expect(await acknowledge('bob', lab.people.bob.password, await codeOf('bob'))).toMatchObject({
      ok: false,
      refusal: { code: 'ledger.not_an_officer' },
    })
    const first = await acknowledge('carol', lab.people.carol.password, await codeOf('carol'))
    expect(first).toMatchObject({ ok: true, value: { officers: 1, ready: false } })
    expect((await claviger.ready()).status).toBe(503)
    const twice = await acknowledge('carol', lab.people.carol.password, await codeOf('carol'))
    expect(twice).toMatchObject({ ok: true, value: { officers: 1, ready: false } })
    acknowledgedAt = new Date().toISOString()
    const second = await cli(claviger, ['audit', 'acknowledge', '--name', 'erin', '--password-file', '-', '--code-file', '-', '--json'], {
      input: `${erin.password}\n${await erinsCode()}\n`,
    })
    expect(second.status, second.said).toBe(0)
    expect(JSON.parse(second.out)).toMatchObject({ epoch: 2, ready: true })
    await claviger.untilReady()
    // there is nothing to acknowledge any more
    expect(await acknowledge('carol', lab.people.carol.password, '000000')).toMatchObject({ ok: false, status: 409 })
  })

  test('begins an epoch in which nothing that was given before is worth anything', async () => {
    expect(await call(before.alice.api, identity.me)).toMatchObject({ ok: false, status: 401 })
    const program = await ssh(claviger, before.alice, at, 'echo today')
    expect(program.status).toBe(255)
    expect(program.out).not.toContain('today')
    // admitted he would be told that he has no grant: his certificate does not even let him in
    expect((await ssh(claviger, dave, at, 'echo today')).said).toContain('Permission denied')
    const carol = await claviger.person('carol')
    const { grants } = must(await call(carol.api, access.grants, { query: { state: 'active' } }))
    expect(grants).toEqual([])
    const alarms = must(await call(carol.api, audit.alarms))
    expect(alarms.alarms.some((a) => a.act === 'alarm.ledger' && /epoch 2 was begun by/.test(String(a.fields.why)))).toBe(true)
  })

  test('has lost no credential: the escrow put back what was set since, and each account opens', async () => {
    const carol = await claviger.person('carol')
    // what is observed was never replaced
    const all = (await accounts(claviger)).filter((a) => a.observedSince === null)
    await until(
      'the credentials from the escrow to be proven',
      async () => {
        const done = (await entries(carol, 'rotation.done')).filter((e) => e.at > acknowledgedAt)
        return all.every((a) => done.some((e) => e.fields.account === a.id)) || undefined
      },
      200,
    )
    // each is replaced once more: a rotation logs in with what the vault holds
    const again = await takeOver(claviger)
    expect(again.filter((a) => a.state !== 'managed')).toEqual([])
    expect(again.length).toBe(all.length)
    const [alice, bob] = [await claviger.person('alice'), await claviger.person('bob')]
    await grant(alice, bob, at)
    expect((await ssh(claviger, alice, at, 'echo tomorrow')).out).toContain('tomorrow')
    const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 5 } }))
    expect(sessions.length).toBeGreaterThan(0)
  })

  test('is named for ever by whoever kept a checkpoint of the day that is gone', async () => {
    const folder = join(claviger.work, 'auditor')
    mkdirSync(folder, { recursive: true })
    const carol = await claviger.person('carol')
    const exported = await fetch(`${claviger.base}${audit.exportLedger.path}`, { headers: carol.api.headers ?? {} })
    writeFileSync(join(folder, 'ledger.jsonl'), await exported.text())
    const verdict = await cli(claviger, ['audit', 'verify', join(folder, 'ledger.jsonl'), '--checkpoint', outside(), '--json'])
    expect(verdict.status).toBe(1)
    expect(verdict.out).toMatch(/restored|missing|not those|other/i)
  })
})
