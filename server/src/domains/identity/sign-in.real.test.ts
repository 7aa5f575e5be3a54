import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goodPassword, type House, must, openHouse, type Someone } from './test/house.ts'

let house: House
let alice: Someone
beforeAll(async () => {
  house = await openHouse()
  alice = await house.enrolled('alice')
})
afterAll(() => house?.close())

const source = '127.0.0.1'
const password = (name: string, text = goodPassword, from = source) => house.identity.signIn({ name, password: text, source: from })
const code = (challenge: string, digits: string) => house.identity.signInCode({ challenge, code: digits, kind: 'browser', source })

describe('signing in', () => {
  test('takes the password, then a code, and tells who it is from then on', async () => {
    const { challenge } = must(await password('alice'))
    const { token, person, expiresAt } = must(await code(challenge, alice.code()))
    expect(person).toMatchObject({ id: alice.id, name: 'alice', groups: ['engineers'], state: 'active' })
    expect(expiresAt.getTime() - house.clock.now().getTime()).toBeLessThanOrEqual(8 * 3600_000)
    expect(must(await house.identity.authenticate(token))).toMatchObject({ person: { id: alice.id } })
    expect(await house.identity.whoIs(token)).toMatchObject({ person: alice.id, name: 'alice', groups: ['engineers'] })
    expect((await house.entries()).at(-1)).toMatchObject({ act: 'identity.signed_in', phase: 'done', by: alice.id })
  })

  test('keeps neither token nor presence where the database can read them', async () => {
    const { token, presence } = await house.signedIn(alice)
    const stored = JSON.stringify(await house.sql('select s.*, encode(token_hash, $1) from sign_in s', ['base64']))
    expect(stored).not.toContain(token)
    expect(stored).not.toContain(presence)
    expect(stored).not.toContain(Buffer.from(presence).toString('base64').slice(0, 24))
  })

  test.each([
    ['a wrong password', 'alice', 'wrong horse battery staple'],
    ['an unknown name', 'nobody', goodPassword],
    ['the name in another case', 'ALICE', goodPassword],
  ])('answers %s the same way', async (_what, name, text) => {
    expect(await password(name, text)).toEqual({ ok: false, error: { code: 'identity.wrong_credentials', left: 5 } })
    expect((await house.entries()).at(-1)).toMatchObject({
      act: 'identity.sign_in',
      phase: 'refused',
      fields: { step: 'password', code: 'identity.wrong_credentials' },
    })
    must(await password('alice'))
  })

  test('accepts a code once, a challenge once, and neither when it is wrong', async () => {
    const first = must(await password('alice')).challenge
    const second = must(await password('alice')).challenge
    expect(await code(first, '000000')).toMatchObject({ ok: false, error: { code: 'factor.code_wrong' } })
    const digits = alice.code()
    must(await code(first, digits))
    expect(await code(second, digits)).toMatchObject({ ok: false, error: { code: 'factor.code_used' } })
    expect(await code(first, alice.code())).toMatchObject({ ok: false, error: { code: 'identity.challenge_gone' } })
    must(await code(second, alice.code()))
    expect(await code('nobody-gave-this', alice.code())).toMatchObject({ ok: false, error: { code: 'identity.challenge_gone' } })
  })

  test('gives one sign-in to two codes that race for one challenge', async () => {
    const { challenge } = must(await password('alice'))
    const digits = alice.code()
    const both = await Promise.all([code(challenge, digits), code(challenge, digits)])
    expect(both.filter((r) => r.ok)).toHaveLength(1)
  })

  test('gives five minutes for the code', async () => {
    const { challenge } = must(await password('alice'))
    house.later(5 * 60_000)
    expect(await code(challenge, alice.code())).toMatchObject({ ok: false, error: { code: 'identity.challenge_gone' } })
  })

  test('locks a name after six wrong passwords for thirty minutes, known or not, also to the right one', async () => {
    const bob = await house.enrolled('bob', ['approvers'])
    for (const name of ['bob', 'nobody-at-all']) {
      for (let left = 5; left >= 1; left--)
        expect(await password(name, 'wrong horse battery')).toEqual({ ok: false, error: { code: 'identity.wrong_credentials', left } })
      expect(await password(name, 'wrong horse battery')).toMatchObject({ ok: false, error: { code: 'identity.locked' } })
      expect(await password(name)).toMatchObject({ ok: false, error: { code: 'identity.locked' } })
      expect(await password(name, goodPassword, '192.0.2.99')).toMatchObject({ ok: false, error: { code: 'identity.locked' } })
    }
    must(await password('alice'))
    house.later(30 * 60_000 + 1)
    const { challenge } = must(await password('bob'))
    must(await code(challenge, bob.code()))
  })

  test('does not give more tries to whoever asks them all at once', async () => {
    const erin = await house.enrolled('erin')
    const answers = await Promise.all(Array.from({ length: 20 }, () => password(erin.name, 'wrong horse battery')))
    expect(answers.every((a) => !a.ok)).toBe(true)
    expect(answers.filter((a) => !a.ok && a.error.code === 'identity.wrong_credentials')).toHaveLength(5)
    expect(await password(erin.name)).toMatchObject({ ok: false, error: { code: 'identity.locked' } })
  })

  test('locks an address that tries many names', async () => {
    const from = '2001:db8::1'
    for (let n = 0; n < 60; n++) await password(`somebody-${n}`, 'wrong horse battery', from)
    expect(await password('alice', goodPassword, '2001:db8::2')).toMatchObject({ ok: false, error: { code: 'identity.locked' } })
    must(await password('alice'))
  })
})

describe('a sign-in', () => {
  test('ends after fifteen idle minutes, and not while it is used', async () => {
    const { token } = await house.signedIn(alice)
    for (let n = 0; n < 4; n++) {
      house.later(14 * 60_000)
      must(await house.identity.authenticate(token))
    }
    house.later(15 * 60_000)
    expect(await house.identity.authenticate(token)).toEqual({ ok: false, error: { code: 'identity.signed_out' } })
    expect(await house.identity.whoIs(token)).toBeUndefined()
  })

  test('ends after eight hours, however busy', async () => {
    const { token } = await house.signedIn(alice)
    for (let minutes = 0; minutes < 8 * 60 - 10; minutes += 10) {
      house.later(10 * 60_000)
      must(await house.identity.authenticate(token))
    }
    house.later(10 * 60_000)
    expect(await house.identity.authenticate(token)).toEqual({ ok: false, error: { code: 'identity.signed_out' } })
  })

  test('ends when its person signs out, once', async () => {
    const { token, signIn } = await house.signedIn(alice)
    const other = await house.signedIn(alice)
    must(await house.identity.signOut({ signIn, by: alice.id }))
    expect(await house.identity.authenticate(token)).toMatchObject({ ok: false, error: { code: 'identity.signed_out' } })
    expect(await house.identity.signOut({ signIn, by: alice.id })).toMatchObject({ ok: false, error: { code: 'identity.signed_out' } })
    must(await house.identity.authenticate(other.token))
  })

  test.each(['', 'x', 'a'.repeat(200), '../../etc/passwd', '\u0000'])('is nobody’s for the token %j', async (token) => {
    expect(await house.identity.authenticate(token)).toMatchObject({ ok: false, error: { code: 'identity.signed_out' } })
  })

  test('says who is looking and until when', async () => {
    const { signIn } = await house.signedIn(alice)
    const me = await house.identity.me(signIn)
    expect(me).toMatchObject({ person: { id: alice.id, name: 'alice' } })
  })
})
