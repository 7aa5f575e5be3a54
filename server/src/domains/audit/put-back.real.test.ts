import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectKeeper, type Keeper } from '../../keeper/client.ts'
import { startKeeper } from '../../keeper/life.ts'
import { serveKeeper } from '../../keeper/server.ts'
import { createAuthenticator } from '../../keeper/test/authenticator.ts'
import { askedFor, byPasskey } from '../../keeper/test/by-passkey.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { type House, must, openHouse, passkeySite, type Someone } from '../identity/test/house.ts'
import { auditEvent, createActs, startSequencer } from './index.ts'

let house: House
let [alice, carol, frank]: Someone[] = []
const ends: (() => Promise<unknown>)[] = []
const happened = auditEvent('test.happened', { what: 'shown' })

beforeAll(async () => {
  house = await openHouse()
  carol = await house.enrolled('carol', ['security', 'administrators'])
  frank = await house.enrolled('frank', ['security'])
  alice = await house.enrolled('alice')
})
afterAll(async () => {
  for (const end of ends.toReversed()) await end()
  await house?.close()
})

async function withPasskey(who: Someone | undefined) {
  const [authenticator, by] = [createAuthenticator(), who as Someone]
  const { challenge } = must(await house.identity.beginPasskey({ by: by.id, name: by.name, displayName: by.name }))
  must(await house.identity.addPasskey({ credential: authenticator.made(challenge), label: 'blue', code: by.code(), by: by.id }))
  return authenticator
}

const checkpoint = () => readFileSync(join(house.database.folder, 'keeper', 'checkpoint'), 'utf8')

/** Another start of the keeper, on the same database and folder, behind a socket of its own. */
async function started(name: string): Promise<{ keeper: Keeper; divergence: string | undefined }> {
  const { pool, folder } = house.inside.context
  const life = await startKeeper({ pool, folder: folder.path(''), passkeySite, log: () => undefined, now: house.clock.now })
  const path = join(house.database.folder, `${name}.sock`)
  const token = sha256('t').toString('hex')
  const server = await serveKeeper(path, { life, roleTokens: { supervisor: token, api: token, gateway: token }, log: () => undefined })
  const keeper = await connectKeeper({ path, role: 'api', token: 't' })
  ends.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => keeper.close(),
  )
  return { keeper, divergence: life.opened?.context.divergence }
}

test('after an older database was put back nothing opens and nothing is signed, until two officers acknowledge it', async () => {
  await house.audit.note(happened({ what: 'yesterday' }), null)
  const passkeys = { carol: await withPasskey(carol), frank: await withPasskey(frank), alice: await withPasskey(alice) }
  const [{ yesterday }] = (await house.sql('select max(place)::int as yesterday from ledger_entry')) as [{ yesterday: number }]
  for (const what of ['today', 'also today']) await house.audit.note(happened({ what }), null)
  await house.sequencer.stop()
  const before = checkpoint()

  // yesterday's database
  await house.sql('alter table ledger_entry disable trigger user')
  await house.sql('delete from ledger_personal where entry_id in (select id from ledger_entry where place > $1)', [yesterday])
  await house.sql('delete from ledger_entry where place > $1', [yesterday])
  await house.sql('delete from ledger_checkpoint where size > $1', [yesterday])

  const first = await started('first')
  expect(first.divergence).toContain(`Entries ${yesterday + 1} to ${yesterday + 2} are missing`)
  const said: string[] = []
  const sequencer = await startSequencer({
    db: house.db,
    keeper: first.keeper,
    node: 'nod_aaaaaaaaaa',
    anchorFile: join(house.database.folder, 'anchor-2'),
    log: (l) => said.push(l),
    everyMs: 20,
  })
  await expect.poll(() => said.length).toBeGreaterThan(0)
  await sequencer.stop()
  expect(said[0]).toContain('Nothing opens')
  expect(checkpoint()).toBe(before)
  for (const [operation, args] of [
    ['presence', { person: alice?.id, code: alice?.code() }],
    ['vouch', { rows: [{ kind: 'person', id: alice?.id }] }],
    ['attest', { rows: [{ kind: 'person', revision: 1, content: {} }], authority: { by: 'system' } }],
    ['versions', { accounts: [] }],
  ] as const)
    expect(await first.keeper.ask(operation, args as never)).toMatchObject({ ok: false, error: { code: 'keeper.diverged' } })
  expect(must(await first.keeper.ask('status', {}))).toMatchObject({ state: 'diverged', epoch: 1 })

  // an answer is for what is wrong, for this start of the keeper, for its person, and good once
  const asks = async (of: Keeper, who: Someone | undefined) =>
    await askedFor((code) => of.ask('acknowledge', { person: who?.id ?? '', code }))
  const early = passkeys.frank.answer(await asks(first.keeper, frank))

  // another start does not forget it
  const { keeper, divergence } = await started('second')
  expect(divergence).toContain('are missing')
  const acknowledge = (who: Someone | undefined, code = who?.code() ?? '') => keeper.ask('acknowledge', { person: who?.id ?? '', code })
  const no = { ok: false, error: { code: 'factor.passkey_refused' } }
  expect(await acknowledge(frank, early)).toMatchObject(no)
  expect(await acknowledge(carol, passkeys.frank.answer(await asks(keeper, frank)))).toMatchObject(no)
  expect(await acknowledge(frank, passkeys.frank.answer(await asks(keeper, carol)))).toMatchObject(no)
  expect(await acknowledge(alice, passkeys.alice.answer(await asks(keeper, alice)))).toMatchObject({
    error: { code: 'ledger.not_an_officer' },
  })
  expect(await acknowledge(alice)).toMatchObject({ ok: false, error: { code: 'ledger.not_an_officer' } })
  expect(must(await acknowledge(carol))).toMatchObject({ ready: false, officers: 1 })
  const carols = passkeys.carol.answer(await asks(keeper, carol))
  expect(must(await acknowledge(carol, carols))).toMatchObject({ ready: false, officers: 1 })
  expect(await acknowledge(carol, carols)).toMatchObject(no)
  expect(checkpoint()).toBe(before)
  const franks = async (code: string) => await acknowledge(frank, code)
  expect(must(await byPasskey(house, passkeys.frank, franks))).toMatchObject({ ready: true, epoch: 2 })

  // and the log goes on, under the epoch that began
  const on = await startSequencer({
    db: house.db,
    keeper,
    node: 'nod_aaaaaaaaaa',
    anchorFile: join(house.database.folder, 'anchor-3'),
    log: () => undefined,
    everyMs: 20,
  })
  ends.push(() => on.stop())
  const audit = createActs({ db: house.db, keeper, now: house.clock.now })
  await audit.note(happened({ what: 'afterwards' }), null)
  expect(checkpoint()).toContain('\nepoch 2\n')
  expect((await house.entries()).find((e) => e.fields.subject === 'epoch')).toMatchObject({
    act: 'alarm.ledger',
    fields: { why: expect.stringContaining(carol?.id ?? '?') },
  })
  must(await keeper.ask('presence', { person: alice?.id ?? '', code: alice?.code() ?? '' }))
  expect(await keeper.ask('acknowledge', { person: carol?.id ?? '', code: carol?.code() ?? '' })).toMatchObject({
    ok: false,
    error: { code: 'ledger.not_diverged' },
  })
  expect((await started('third')).divergence).toBeUndefined()
})
