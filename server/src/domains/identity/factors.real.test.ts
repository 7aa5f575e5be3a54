import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { PersonId, SshKeyId } from '../../kernel/id.ts'
import { ok } from '../../kernel/result.ts'
import { createIdentity } from './index.ts'
import { goodPassword, must } from './test/house.ts'

type Who = { id: PersonId; name: string; code(): string }
let world: World
let identity: Awaited<ReturnType<typeof createIdentity>>
let stopped: string[]
beforeAll(async () => {
  world = await openWorld()
  const { db, audit, keeper, clock } = world
  stopped = []
  identity = await createIdentity({
    ...{ db, audit, keeper, clock },
    whenPersonStops: async (_act, person) => {
      stopped.push(person)
      return ok(undefined)
    },
  })
})
afterAll(() => world?.close())

const refused = (code: string) => ({ ok: false, error: { code } })
const by = (who: Who) => ({ by: who.id, code: who.code() })
const source = '127.0.0.1'
const publicKey = (seed: number) =>
  `ssh-ed25519 ${Buffer.from(wire(Buffer.from('ssh-ed25519'), Buffer.alloc(32, seed))).toString('base64')}`
const wire = (...parts: Buffer[]) => Buffer.concat(parts.flatMap((p) => [Buffer.from(Uint32Array.of(p.length).buffer).swap32(), p]))
const active = async (id: string) =>
  (await world.sql("select kind from factor where person_id = $1 and state = 'active' order by kind", [id])).map((r) => r.kind)
const keysOf = async (id: string) =>
  (await world.sql("select id from ssh_key where person_id = $1 and state = 'active'", [id])).map((r) => r.id as SshKeyId)
const revisionOf = (kind: 'person' | 'factor', id: string) => world.inside.context.notary.head(kind, id)?.revision ?? 0
const alarms = async (id: string) =>
  (await world.entries()).filter((e) => e.act === 'alarm.guard_changed' && e.fields.person === id).map((e) => e.fields.what)

async function enrolledBy(token: string, password = goodPassword) {
  const { totp } = must(await identity.beginEnrolment({ token, password, source }))
  const person = must(await identity.confirmEnrolment({ token, code: world.codeOf(totp.secret) }))
  return { person, code: () => world.codeOf(totp.secret) }
}

describe('an SSH key of somebody', () => {
  test('is taken out of use by an administrator with a fresh code, and nothing else of theirs', async () => {
    const kim = await world.enrolled('kim', ['engineers'], publicKey(1))
    const [key] = (await keysOf(kim.id)) as [SshKeyId]
    const asked = { person: kim.id, key, reason: 'the laptop was stolen' }
    expect(await identity.removeKeyOf({ ...asked, ...by(world.alice) })).toMatchObject(refused('keeper.not_authorised'))
    expect(await keysOf(kim.id)).toEqual([key])
    must(await identity.removeKeyOf({ ...asked, ...by(world.carol) }))
    expect(await keysOf(kim.id)).toEqual([])
    expect(await active(kim.id)).toEqual(['password', 'totp'])
    must(await world.keeper.ask('presence', { person: kim.id, code: kim.code() }))
    expect((await world.entries()).at(-1)).toMatchObject({ act: 'identity.others_key_removed', by: world.carol.id, fields: { key } })
    expect(await identity.removeKeyOf({ ...asked, ...by(world.carol) })).toMatchObject(refused('identity.ssh_key_unknown'))
  })

  test('is not found under another person', async () => {
    const lena = await world.enrolled('lena', ['engineers'], publicKey(2))
    const [key] = (await keysOf(lena.id)) as [SshKeyId]
    const asked = { person: world.bob.id, key, reason: 'x', ...by(world.carol) }
    expect(await identity.removeKeyOf(asked)).toMatchObject(refused('identity.ssh_key_unknown'))
  })
})

describe('an authenticator that an administrator removes', () => {
  test('ends what runs; the link gives a new one to who knows the password, and keys stay', async () => {
    const mona = await world.enrolled('mona', ['engineers'], publicKey(3))
    const { token } = await world.signedIn(mona)
    const removed = must(await identity.removeAuthenticator({ person: mona.id, reason: 'lost phone', ...by(world.carol) }))
    expect(stopped).toContain(mona.id)
    expect(await identity.authenticate(token)).toMatchObject({ ok: false })
    expect(await world.keeper.ask('presence', { person: mona.id, code: mona.code() })).toMatchObject({ ok: false })
    expect(await active(mona.id)).toEqual(['password'])
    expect(await identity.beginEnrolment({ token: removed.enrolmentToken, password: 'some other sentence', source })).toMatchObject(
      refused('identity.wrong_credentials'),
    )
    const again = await enrolledBy(removed.enrolmentToken)
    expect(again.person.state).toBe('active')
    expect(await keysOf(mona.id)).toHaveLength(1)
    must(await world.keeper.ask('presence', { person: mona.id, code: again.code() }))
    expect(await alarms(mona.id)).toEqual([])
  })

  test('of an approver alarms, and they are confirmed again by somebody else', async () => {
    const nora = await world.enrolled('nora', ['approvers'])
    const officer = await world.enrolled('officer', ['security'])
    const removed = must(await identity.removeAuthenticator({ person: nora.id, reason: 'lost phone', ...by(world.carol) }))
    expect(await alarms(nora.id)).toEqual(['authenticator_removed'])
    expect((await enrolledBy(removed.enrolmentToken)).person.state).toBe('unconfirmed')
    expect(await identity.confirmPerson({ person: nora.id, ...by(world.carol) })).toMatchObject(refused('person.confirmed_by_another'))
    must(await identity.confirmPerson({ person: nora.id, ...by(officer) }))
  })

  test('is not one’s own, and a factor is never taken away alone', async () => {
    expect(await identity.removeAuthenticator({ person: world.carol.id, reason: 'x', ...by(world.carol) })).toMatchObject({ ok: false })
    const oda = await world.enrolled('oda', ['engineers'])
    const [factor] = (await world.sql("select id from factor where person_id = $1 and kind = 'totp'", [oda.id])) as [Row]
    const row = { ...(await world.vouched('factor', String(factor.id))), state: 'replaced' }
    const rows = [{ kind: 'factor' as const, revision: revisionOf('factor', String(factor.id)) + 1, row }]
    for (const who of [oda, world.carol]) expect(await world.write(rows, world.stepUp(who))).toMatchObject(refused('factor.last_way'))
  })
})

describe('a new authenticator of one’s own', () => {
  test('takes the old one’s place with its first code, and ends every sign-in', async () => {
    const pia = await world.enrolled('pia', ['engineers'], publicKey(4))
    const { token } = await world.signedIn(pia)
    const begun = must(await identity.replaceAuthenticator({ ...by(pia), name: pia.name, password: goodPassword, source }))
    // until then the old one counts
    expect(await identity.confirmAuthenticator({ by: pia.id, token: begun.token, code: '000000' })).toMatchObject(
      refused('factor.code_wrong'),
    )
    must(await world.keeper.ask('presence', { person: pia.id, code: pia.code() }))
    const next = () => world.codeOf(begun.totp.secret)
    must(await identity.confirmAuthenticator({ by: pia.id, token: begun.token, code: next() }))
    expect(await identity.authenticate(token)).toMatchObject({ ok: false })
    expect(await world.keeper.ask('presence', { person: pia.id, code: pia.code() })).toMatchObject(refused('factor.code_wrong'))
    must(await world.keeper.ask('presence', { person: pia.id, code: next() }))
    expect(await active(pia.id)).toEqual(['password', 'totp'])
    expect(await keysOf(pia.id)).toHaveLength(1)
    expect(await identity.confirmAuthenticator({ by: pia.id, token: begun.token, code: next() })).toMatchObject({ ok: false })
  })

  test.each([
    ['without the password', { password: 'some other sentence' }, 'identity.wrong_credentials'],
    ['without a code of the old one', { code: '000000' }, 'factor.code_wrong'],
  ])('is not begun %s', async (_how, over, code) => {
    const asked = { ...by(world.alice), name: 'alice', password: goodPassword, source, ...over }
    expect(await identity.replaceAuthenticator(asked)).toMatchObject(refused(code))
  })

  test('is nobody else’s, and void after ten minutes', async () => {
    const quin = await world.enrolled('quin', ['engineers'])
    const begun = must(await identity.replaceAuthenticator({ ...by(quin), name: quin.name, password: goodPassword, source }))
    const code = world.codeOf(begun.totp.secret)
    expect(await identity.confirmAuthenticator({ by: world.alice.id, token: begun.token, code })).toMatchObject(
      refused('identity.authenticator_not_begun'),
    )
    world.later(11 * 60_000)
    const late = await identity.confirmAuthenticator({ by: quin.id, token: begun.token, code: world.codeOf(begun.totp.secret) })
    expect(late).toMatchObject(refused('enrolment.expired'))
    must(await world.keeper.ask('presence', { person: quin.id, code: quin.code() }))
  })

  test('is added beside the old one by no keeper', async () => {
    const rita = await world.enrolled('rita', ['engineers'])
    const opened = must(await world.keeper.ask('openEnrolment', { person: rita.id, authority: world.stepUp(rita) }))
    const begun = must(await world.keeper.ask('beginEnrolment', { token: opened.token }))
    const seed = begun.payload?.use('show-once-to-owner', (bytes) => Buffer.from(bytes).toString('hex')) ?? ''
    const code = world.codeOf(base32(await seed))
    const person = { kind: 'person' as const, revision: revisionOf('person', rita.id) + 1, row: await world.vouched('person', rita.id) }
    const row = { id: begun.factor, person_id: rita.id, kind: 'totp', verifier: '', state: 'active' }
    const factor = { kind: 'factor' as const, revision: 1, row }
    const enrolment = { by: 'enrolment', token: opened.token, code } as const
    expect(await world.write([person, factor], enrolment)).toMatchObject(refused('keeper.not_authorised'))
  })
})

describe('joining a group', () => {
  test('that decides nothing counts at once, and takes a new sign-in', async () => {
    const sara = await world.enrolled('sara', ['engineers'])
    const { token } = await world.signedIn(sara)
    expect(must(await identity.joinGroups({ person: sara.id, groups: ['auditors'], ...by(world.carol) }))).toMatchObject({
      groups: ['auditors', 'engineers'],
      state: 'active',
    })
    expect(await identity.authenticate(token)).toMatchObject({ ok: false })
    must(await world.keeper.ask('presence', { person: sara.id, code: sara.code() }))
  })

  test('that decides counts after another’s word, and alarms; until then nothing opens', async () => {
    const tess = await world.enrolled('tess', ['engineers'])
    const officer = await world.enrolled('officer-3', ['security'])
    const joined = must(await identity.joinGroups({ person: tess.id, groups: ['approvers'], ...by(world.carol) }))
    expect(joined).toMatchObject({ groups: ['approvers', 'engineers'], state: 'unconfirmed' })
    expect(await alarms(tess.id)).toEqual(['groups_joined'])
    expect(await world.keeper.ask('presence', { person: tess.id, code: tess.code() })).toMatchObject(refused('factor.person_not_active'))
    expect(await identity.confirmPerson({ person: tess.id, ...by(world.carol) })).toMatchObject(refused('person.confirmed_by_another'))
    expect(must(await identity.confirmPerson({ person: tess.id, ...by(officer) })).state).toBe('active')
    must(await world.keeper.ask('presence', { person: tess.id, code: tess.code() }))
  })

  test('is nobody’s own to do, and not for who is not active', async () => {
    const self = { person: world.carol.id, groups: ['auditors'] as const, ...by(world.carol) }
    expect(await identity.joinGroups(self)).toMatchObject(refused('keeper.not_authorised'))
    const uma = await world.enrolled('uma', ['engineers'])
    must(await identity.disablePerson({ person: uma.id, reason: 'x', ...by(world.carol) }))
    expect(await identity.joinGroups({ person: uma.id, groups: ['auditors'], ...by(world.carol) })).toMatchObject(
      refused('person.not_active'),
    )
  })

  test('with a row that says that nobody need confirm it is attested by no keeper', async () => {
    const vera = await world.enrolled('vera', ['engineers'])
    const row: Row = { ...(await world.vouched('person', vera.id)), groups: ['approvers', 'engineers'] }
    const rows = [{ kind: 'person' as const, revision: revisionOf('person', vera.id) + 1, row }]
    expect(await world.write(rows, world.stepUp(world.carol))).toMatchObject(refused('keeper.not_authorised'))
  })
})

test('an administrator who resets every other one cannot then bring in a second self alone', async () => {
  const lone = await openWorld()
  try {
    const { db, audit, keeper, clock } = lone
    const house = await createIdentity({ ...{ db, audit, keeper, clock }, whenPersonStops: async () => ok(undefined) })
    const guards = [await lone.enrolled('guard-1', ['security']), await lone.enrolled('guard-2', ['administrators'])]
    for (const { id } of guards) must(await house.resetPerson({ person: id, reason: 'x', by: lone.carol.id, code: lone.carol.code() }))
    const authority = { by: 'stepUp', person: lone.carol.id, code: lone.carol.code() } as const
    const self = { name: 'self', displayName: 'Self', groups: ['approvers'] as const, authority, by: lone.carol.id }
    expect(must(await house.invitePerson(self)).person.introducedBy).toBe(lone.carol.id)
  } finally {
    await lone.close()
  }
})

test('inviting again kills the link before it', async () => {
  const authority = () => ({ by: 'stepUp', person: world.carol.id, code: world.carol.code() }) as const
  const invite = async () =>
    must(
      await identity.invitePerson({ name: 'wil', displayName: 'Wil', groups: ['engineers'], authority: authority(), by: world.carol.id }),
    )
  const first = await invite()
  const second = await invite()
  expect(second.person.id).toBe(first.person.id)
  expect(await identity.beginEnrolment({ token: first.enrolmentToken, password: goodPassword })).toMatchObject(refused('enrolment.unknown'))
  expect((await enrolledBy(second.enrolmentToken)).person.state).toBe('active')
})

/** RFC 4648, of bytes in hex: what an authenticator would have been told. */
function base32(hex: string): string {
  const bits = [...Buffer.from(hex, 'hex')].map((b) => b.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)]).join('')
}
