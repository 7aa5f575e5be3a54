import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goodPassword, type House, must, openHouse } from './test/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.close())

const someCode = '000000'
const carol = { name: 'carol', displayName: 'Carol Cho', password: goodPassword }

describe('the first run', () => {
  test('takes nobody without the link that the server printed', async () => {
    const refused = await house.identity.createFirstAdministrator({ ...carol, token: 'not-the-token' })
    expect(refused).toMatchObject({ ok: false, error: { code: 'setup.closed' } })
    expect(await house.sql('select * from person')).toEqual([])
    expect((await house.entries()).at(-1)).toMatchObject({
      act: 'identity.invite_person',
      phase: 'refused',
      fields: { code: 'setup.closed' },
    })
  })

  test.each([
    ['too short', 'elevencharss'.slice(0, 11)],
    ['one letter', 'aaaaaaaaaaaaaaaa'],
    ['the own name', 'carol carol carol'],
  ])('takes no password that is %s', async (_why, password) => {
    const refused = await house.identity.createFirstAdministrator({ ...carol, token: house.setupToken, password })
    expect(refused).toMatchObject({ ok: false, error: { code: 'identity.password_weak' } })
    expect(await house.sql('select * from person')).toEqual([])
  })

  test('makes the first administrator, who is active only after a first code', async () => {
    // the link was opened, and closed again before the code: it opens once more
    must(await house.identity.createFirstAdministrator({ ...carol, token: house.setupToken }))
    const begun = must(await house.identity.createFirstAdministrator({ ...carol, token: house.setupToken }))
    expect(begun.person).toMatchObject({ name: 'carol', state: 'invited', groups: ['administrators', 'approvers', 'security'] })
    expect(begun.totp.uri).toMatch(/^otpauth:\/\/totp\/Claviger:carol\?.*secret=[A-Z2-7]{32}/)
    expect(await house.identity.signIn({ name: 'carol', password: goodPassword, source: '192.0.2.1' })).toMatchObject({ ok: false })

    const wrong = await house.identity.confirmEnrolment({ token: house.setupToken, code: someCode })
    expect(wrong).toMatchObject({ ok: false, error: { code: 'factor.code_wrong' } })
    expect(await house.sql('select * from factor')).toEqual([])

    const person = must(await house.identity.confirmEnrolment({ token: house.setupToken, code: house.codeOf(begun.totp.secret) }))
    expect(person).toMatchObject({ name: 'carol', state: 'active' })
    expect((await house.entries()).at(-1)).toMatchObject({
      act: 'identity.person_enrolled',
      phase: 'done',
      by: person.id,
      attests: [{ kind: 'person' }, { kind: 'factor' }, { kind: 'factor' }],
    })
  })

  test('keeps the seed of the authenticator out of every table that the server may read', async () => {
    const rows = await house.sql("select verifier from factor where kind = 'totp'")
    expect(rows).toEqual([{ verifier: '' }])
  })

  test('makes people without a code until it is finished, and never again after', async () => {
    const dave = { name: 'dave', displayName: 'Dave', groups: ['auditors' as const], by: null }
    const authority = { by: 'setup', token: house.setupToken } as const
    must(await house.identity.invitePerson({ ...dave, authority }))
    expect(await house.identity.finishSetup({ token: 'not-the-token' })).toMatchObject({ ok: false, error: { code: 'setup.closed' } })
    must(await house.identity.finishSetup({ token: house.setupToken }))
    expect(await house.identity.status()).toMatchObject({ value: { setupOpen: false } })
    const refused = await house.identity.invitePerson({ ...dave, name: 'erin', authority })
    expect(refused).toMatchObject({ ok: false, error: { code: 'setup.closed' } })
    expect(await house.sql("select * from person where name = 'erin'")).toEqual([])
  })
})

describe('inviting and enrolling', () => {
  let house: House
  let admin: Awaited<ReturnType<House['enrolled']>>
  beforeAll(async () => {
    house = await openHouse()
    admin = await house.enrolled('carol', ['administrators'])
  })
  afterAll(() => house?.close())
  const invite = async (name: string, code: string, by = admin) =>
    await house.identity.invitePerson({
      name,
      displayName: name,
      groups: ['engineers'],
      authority: { by: 'stepUp', person: by.id, code },
      by: by.id,
    })

  test('takes a fresh code of an administrator, once', async () => {
    const code = admin.code()
    expect(must(await invite('alice', code)).person).toMatchObject({ name: 'alice', state: 'invited', groups: ['engineers'] })
    expect(await invite('mallory', code)).toMatchObject({ ok: false, error: { code: 'factor.code_used' } })
    expect(await invite('mallory', '123456')).toMatchObject({ ok: false, error: { code: 'factor.code_wrong' } })
    expect(await house.sql("select * from person where name = 'mallory'")).toEqual([])
  })

  test('is not for people who are no administrators', async () => {
    const bob = await house.enrolled('bob', ['approvers'])
    expect(await invite('mallory', bob.code(), bob)).toMatchObject({ ok: false, error: { code: 'keeper.not_authorised' } })
    expect(await house.sql("select * from person where name = 'mallory'")).toEqual([])
  })

  test('gives a new link to who has not enrolled, and none to who has', async () => {
    const first = must(await invite('frank', admin.code()))
    const second = must(await invite('frank', admin.code()))
    expect(second.person.id).toBe(first.person.id)
    const { totp } = must(await house.identity.beginEnrolment({ token: second.enrolmentToken, password: goodPassword }))
    must(await house.identity.confirmEnrolment({ token: second.enrolmentToken, code: house.codeOf(totp.secret) }))
    expect(await invite('frank', admin.code())).toMatchObject({ ok: false, error: { code: 'identity.name_taken' } })
    const again = await house.identity.beginEnrolment({ token: second.enrolmentToken, password: goodPassword })
    expect(again).toMatchObject({ ok: false, error: { code: 'enrolment.used' } })
    // the first link ended with the second: whoever found it enrols nobody
    const stale = await house.identity.beginEnrolment({ token: first.enrolmentToken, password: goodPassword })
    expect(stale).toMatchObject({ ok: false, error: { code: 'enrolment.unknown' } })
  })

  test.each([
    ['unknown', 'nobody-knows-this-token', 'enrolment.unknown'],
    ['one that was never', 'x', 'enrolment.unknown'],
  ])('refuses a token that is %s', async (_what, token, code) => {
    expect(await house.identity.beginEnrolment({ token, password: goodPassword })).toMatchObject({ ok: false, error: { code } })
  })

  test('refuses a link after three days, and a password that waited for its code for more than an hour', async () => {
    const { enrolmentToken: token } = must(await invite('grace', admin.code()))
    const { totp } = must(await house.identity.beginEnrolment({ token, password: goodPassword }))
    house.later(61 * 60_000)
    const late = await house.identity.confirmEnrolment({ token, code: house.codeOf(totp.secret) })
    expect(late).toMatchObject({ ok: false, error: { code: 'identity.enrolment_not_begun' } })
    house.later(72 * 3600_000)
    const expired = await house.identity.beginEnrolment({ token, password: goodPassword })
    expect(expired).toMatchObject({ ok: false, error: { code: 'enrolment.expired' } })
  })

  test('counts the last authenticator only, when the link was opened twice', async () => {
    const { enrolmentToken: token } = must(await invite('heidi', admin.code()))
    const lost = must(await house.identity.beginEnrolment({ token, password: goodPassword }))
    const kept = must(await house.identity.beginEnrolment({ token, password: goodPassword }))
    const wrong = await house.identity.confirmEnrolment({ token, code: house.codeOf(lost.totp.secret) })
    expect(wrong).toMatchObject({ ok: false, error: { code: 'factor.code_wrong' } })
    must(await house.identity.confirmEnrolment({ token, code: house.codeOf(kept.totp.secret) }))
  })

  test('writes names beside the ledger, not into it', async () => {
    const text = JSON.stringify(await house.entries())
    expect(text).not.toContain('heidi')
    expect(text).not.toContain(goodPassword)
  })
})
