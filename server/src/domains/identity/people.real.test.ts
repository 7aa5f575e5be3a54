import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { granted } from '../../keeper/test/access.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { PersonId } from '../../kernel/id.ts'
import { ok } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import { type EndGrantsDeps, voidOfPerson } from '../access/index.ts'
import { disablePerson } from './disable-person.ts'
import { createIdentity } from './index.ts'
import type { Group } from './rules.ts'
import { goodPassword, must } from './test/house.ts'

type Who = { id: PersonId; name: string; code(): string }
let world: World
let identity: Awaited<ReturnType<typeof createIdentity>>
let rotated: string[]
beforeAll(async () => {
  world = await openWorld()
  const { db, audit, keeper, clock } = world
  rotated = []
  const access: EndGrantsDeps = { audit, keeper, now: clock.now, whenGrantEnds: async (_tx, grant) => void rotated.push(grant.id) }
  identity = await createIdentity({
    ...{ db, audit, keeper, clock },
    whenPersonStops: async (act, person, why) => {
      await voidOfPerson(access, act, person, why)
      return ok(undefined)
    },
  })
})
afterAll(() => world?.close())

const refused = (code: string) => ({ ok: false, error: { code } })
const by = (who: Who) => ({ by: who.id, code: who.code() })
const stateOf = async (id: string) => (await world.sql('select state from person where id = $1', [id]))[0]?.state

/** Somebody whom an administrator brought in, enrolled. */
async function brought(name: string, groups: Group[], admin: Who) {
  const authority = { by: 'stepUp', person: admin.id, code: admin.code() } as const
  const invited = must(await identity.invitePerson({ name, displayName: name, groups, authority, by: admin.id }))
  return await enrolled(name, invited.person.id, invited.enrolmentToken)
}
async function enrolled(name: string, id: PersonId, token: string) {
  const { totp } = must(await identity.beginEnrolment({ token, password: goodPassword }))
  const person = must(await identity.confirmEnrolment({ token, code: world.codeOf(totp.secret) }))
  expect(person.id).toBe(id)
  return { id, name, state: person.state, code: () => world.codeOf(totp.secret) }
}

describe('a person whom one administrator brings in', () => {
  test('may begin at once as an engineer', async () => {
    expect(await brought('frank', ['engineers'], world.carol)).toMatchObject({ state: 'active' })
  })

  test('is confirmed by nobody where there is nobody else who could', async () => {
    expect(await brought('early', ['approvers'], world.carol)).toMatchObject({ state: 'active' })
  })

  test('opens nothing as an approver until somebody else confirms them, and never by the word of who brought them', async () => {
    const officer = await world.enrolled('officer', ['security'])
    // to shut the others out for a moment helps nothing
    must(await identity.disablePerson({ person: officer.id, reason: 'x', ...by(world.carol) }))
    const self = await brought('second-self', ['approvers'], world.carol)
    must(await identity.enablePerson({ person: officer.id, ...by(world.carol) }))
    expect(self.state).toBe('unconfirmed')
    expect(await identity.signIn({ name: self.name, password: goodPassword, source: '127.0.0.1' })).toMatchObject({ ok: false })
    expect(await world.keeper.ask('presence', { person: self.id, code: self.code() })).toMatchObject(refused('factor.person_not_active'))
    expect(await identity.confirmPerson({ person: self.id, ...by(world.carol) })).toMatchObject(refused('person.confirmed_by_another'))
    expect(await identity.confirmPerson({ person: self.id, ...by(world.alice) })).toMatchObject(refused('keeper.not_authorised'))
    // nor round the corner: disabled and enabled again they are where they were
    must(await identity.disablePerson({ person: self.id, reason: 'x', ...by(world.carol) }))
    expect(must(await identity.enablePerson({ person: self.id, ...by(world.carol) })).state).toBe('unconfirmed')
    expect(await stateOf(self.id)).toBe('unconfirmed')
  })

  test('is active once another officer has confirmed them', async () => {
    const grace = await brought('grace', ['security'], world.carol)
    const officer = await world.enrolled('officer-2', ['security'])
    expect(must(await identity.confirmPerson({ person: grace.id, ...by(officer) })).state).toBe('active')
    must(await world.keeper.ask('presence', { person: grace.id, code: grace.code() }))
  })
})

describe('disabling somebody', () => {
  test('takes an administrator with a fresh code, and says so in the ledger without their name', async () => {
    const heidi = await world.enrolled('heidi', ['engineers'])
    const asked = { person: heidi.id, reason: 'left on Friday' }
    expect(await identity.disablePerson({ ...asked, ...by(world.alice) })).toMatchObject(refused('keeper.not_authorised'))
    expect(await identity.disablePerson({ ...asked, by: world.carol.id, code: '000000' })).toMatchObject(refused('factor.code_wrong'))
    expect(await stateOf(heidi.id)).toBe('active')
    must(await identity.disablePerson({ ...asked, ...by(world.carol) }))
    const last = (await world.entries()).findLast((e) => e.act === 'identity.person_disabled')
    expect(last).toMatchObject({ by: world.carol.id, fields: { person: heidi.id } })
    expect(JSON.stringify(last)).not.toContain('Friday')
  })

  test('ends at once what they have: sign-in, code, presence, certificate, grant', async () => {
    const ivan = await world.enrolled('ivan', ['engineers'])
    const signedIn = await world.signedIn(ivan)
    const present = await world.present(ivan)
    const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIE2pJ0jQ2d0qkqUXGN0a8d0r2O8d7bQe4cQ7S0h0F3xT'
    must(await world.keeper.ask('issueCertificate', { presence: present.presence, publicKey: key }))
    const running = await granted(world, ivan, world.deploy, world.bob)
    must(await identity.disablePerson({ person: ivan.id, reason: 'stolen laptop', ...by(world.carol) }))

    expect(await identity.authenticate(signedIn.token)).toMatchObject(refused('identity.signed_out'))
    expect(await world.keeper.ask('presence', { person: ivan.id, code: ivan.code() })).toMatchObject(refused('factor.person_not_active'))
    expect(await world.keeper.ask('issueCertificate', { presence: present.presence, publicKey: key })).toMatchObject(
      refused('factor.person_not_active'),
    )
    const [{ serial }] = (await world.sql('select serial from vault.certificate where person_id = $1', [ivan.id])) as [{ serial: string }]
    const shown = { serial: Number(serial), signed: 'AAAA', signature: 'AAAA' }
    const gateway = await world.as('gateway')
    expect(await gateway.ask('presenceByCertificate', shown)).toMatchObject(refused('factor.person_not_active'))
    expect(await world.sql('select state from access_grant where id = $1', [running.grant.id])).toEqual([{ state: 'void' }])
    expect(rotated).toContain(running.grant.id)

    // let in again, nothing of it comes back
    must(await identity.enablePerson({ person: ivan.id, ...by(world.carol) }))
    expect(await identity.authenticate(signedIn.token)).toMatchObject(refused('identity.signed_out'))
    expect(await gateway.ask('presenceByCertificate', shown)).toMatchObject(refused('certificate.unknown'))
    const stale = { presence: present.presence, publicKey: key }
    expect(await world.keeper.ask('issueCertificate', stale)).toMatchObject(refused('presence.expired'))
    must(await world.keeper.ask('presence', { person: ivan.id, code: ivan.code() }))
  })

  test('is undone by no superuser of the database: the row is forged, and opens nothing', async () => {
    const judy = await world.enrolled('judy', ['engineers'])
    const [before] = await world.sql('select * from person where id = $1', [judy.id])
    must(await identity.disablePerson({ person: judy.id, reason: 'left', ...by(world.carol) }))
    await world.sql("update person set state = 'active' where id = $1", [judy.id])
    const presence = () => world.keeper.ask('presence', { person: judy.id, code: judy.code() })
    expect(await presence()).toMatchObject(refused('keeper.forged_row'))
    // nor with the row as it once was, its seal included
    await world.sql("update person set state = 'active', revision = $2, mac = $3 where id = $1", [judy.id, before?.revision, before?.mac])
    expect(await presence()).toMatchObject(refused('keeper.forged_row'))
    expect(await identity.enablePerson({ person: judy.id, ...by(world.carol) })).toMatchObject({ ok: false })
    expect(world.alarms.join()).toContain(judy.id)
  })

  test('leaves an administrator: the last one cannot be shut out, not even by themselves', async () => {
    expect(await identity.disablePerson({ person: world.carol.id, reason: 'x', ...by(world.carol) })).toMatchObject(
      refused('person.last_administrator'),
    )
    const other = await world.enrolled('other-admin', ['administrators'])
    must(await identity.disablePerson({ person: world.carol.id, reason: 'x', ...by(other) }))
    must(await identity.enablePerson({ person: world.carol.id, ...by(other) }))
  })

  test('is not held up by a grant that somebody forged', async () => {
    const mallory = await world.enrolled('mallory', ['engineers'])
    const running = await granted(world, mallory, world.deploy, world.bob)
    await world.sql("update access_grant set ends_at = ends_at + interval '1 minute' where id = $1", [running.grant.id])
    must(await identity.disablePerson({ person: mallory.id, reason: 'x', ...by(world.carol) }))
    expect(await stateOf(mallory.id)).toBe('disabled')
  })
})

describe('a reset', () => {
  test('takes every factor and key out of use, and the person enrols anew with the link', async () => {
    const niaj = await world.enrolled('niaj', ['engineers'])
    const { token } = await world.signedIn(niaj)
    const { enrolmentToken } = must(await identity.resetPerson({ person: niaj.id, reason: 'lost phone', ...by(world.carol) }))
    expect(await identity.authenticate(token)).toMatchObject({ ok: false })
    expect(await world.sql("select id from factor where person_id = $1 and state = 'active'", [niaj.id])).toEqual([])
    const again = await enrolled('niaj', niaj.id, enrolmentToken)
    expect(again.state).toBe('active')
    must(await world.keeper.ask('presence', { person: niaj.id, code: again.code() }))
    expect(await world.keeper.ask('presence', { person: niaj.id, code: niaj.code() })).toMatchObject({ ok: false })
  })

  test('of an approver is confirmed by a second person, and of oneself is refused', async () => {
    const olivia = await world.enrolled('olivia', ['approvers'])
    const reset = must(await identity.resetPerson({ person: olivia.id, reason: 'lost phone', ...by(world.carol) }))
    expect((await enrolled('olivia', olivia.id, reset.enrolmentToken)).state).toBe('unconfirmed')
    expect(await identity.resetPerson({ person: world.carol.id, reason: 'x', ...by(world.carol) })).toMatchObject(
      refused('keeper.not_authorised'),
    )
  })

  test('that leaves a factor in use is attested by no keeper', async () => {
    const peggy = await world.enrolled('peggy', ['engineers'])
    const row: Row = { ...(await world.vouched('person', peggy.id)), state: 'invited' }
    const head = world.inside.context.notary.head('person', peggy.id)
    const written = await world.write([{ kind: 'person', revision: (head?.revision ?? 0) + 1, row }], world.stepUp(world.carol))
    expect(written).toMatchObject(refused('keeper.not_authorised'))
  })
})

test('groups are not gained by a change of the row', async () => {
  const row: Row = { ...(await world.vouched('person', world.alice.id)), groups: ['approvers', 'engineers'] }
  const head = world.inside.context.notary.head('person', world.alice.id)
  const written = await world.write([{ kind: 'person', revision: (head?.revision ?? 0) + 1, row }], world.stepUp(world.carol))
  expect(written).toMatchObject(refused('keeper.not_authorised'))
})

test('a person is taken out of a group, and not by themselves', async () => {
  const rupert = await world.enrolled('rupert', ['approvers', 'engineers'])
  const asked = { person: rupert.id, groups: ['approvers'] as Group[] }
  expect(must(await identity.leaveGroups({ ...asked, ...by(world.carol) })).groups).toEqual(['engineers'])
  const self = { person: world.carol.id, groups: ['approvers'] as Group[], ...by(world.carol) }
  expect(await identity.leaveGroups(self)).toMatchObject(refused('keeper.not_authorised'))
})

test('somebody who does not exist is unknown', async () => {
  const { audit, keeper, clock } = world
  const deps = { audit, keeper, clock, whenPersonStops: async () => ok(undefined) }
  const asked = { person: newId('per') as PersonId, reason: 'x', ...by(world.carol) }
  expect(await disablePerson(deps, asked)).toMatchObject(refused('identity.person_unknown'))
})

test('signing out others leaves the sign-in that asks', async () => {
  const quinn = await world.enrolled('quinn', ['engineers'])
  const [here, there] = [await world.signedIn(quinn), await world.signedIn(quinn)]
  const listed = await identity.signIns(quinn.id, here.signIn)
  expect(listed.map((s) => s.current).sort()).toEqual([false, true])
  expect(must(await identity.signOutOthers({ signIn: here.signIn, by: quinn.id }))).toBe(1)
  expect(await identity.authenticate(there.token)).toMatchObject({ ok: false })
  expect(await identity.authenticate(here.token)).toMatchObject({ ok: true })
  expect(await identity.endSignIn({ signIn: here.signIn, by: world.alice.id })).toMatchObject(refused('identity.sign_in_unknown'))
})

test('a person page says what there is, and no secret', async () => {
  const shown = must(await identity.person(world.bob.id))
  expect(shown.factors.map((f) => f.kind).sort()).toEqual(['password', 'totp'])
  expect(shown.factors.find((f) => f.kind === 'totp')?.lastUsedAt).toBeTruthy()
  expect(JSON.stringify(shown)).not.toMatch(/argon2|verifier|secret|presence/)
})
