import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answering, type Authenticator, createAuthenticator } from '../../../keeper/test/authenticator.ts'
import { openWorld, type World } from '../../../keeper/test/world.ts'
import type { PasskeyId, PersonId } from '../../../kernel/id.ts'
import type { Result } from '../../../kernel/result.ts'
import { explainIdentity, type IdentityError } from '../errors.ts'
import { goodPassword, must } from '../test/house.ts'

type Who = { id: PersonId; name: string; code(): string }
let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const refused = (code: string) => ({ ok: false, error: { code } })
const source = '127.0.0.1'
let names = 0
const somebody = () => world.enrolled(`w${names++}`)
const begin = async (who: Who) => must(await world.identity.beginPasskey({ by: who.id, name: who.name, displayName: who.name }))
const passkeysOf = async (id: PersonId) => must(await world.identity.passkeys(id))

async function added(who: Who, authenticator: Authenticator = createAuthenticator(), over: Answering = {}) {
  const { challenge } = await begin(who)
  const credential = authenticator.made(challenge, over)
  return await world.identity.addPasskey({ credential, label: 'blue', code: who.code(), by: who.id })
}
async function owned(who: Who) {
  const authenticator = createAuthenticator()
  return { ...must(await added(who, authenticator)), authenticator }
}
/** What a passkey is asked, as the API says it. */
function askedOf(answer: Result<unknown, IdentityError>) {
  if (answer.ok) throw new Error('it was done without asking')
  const { body } = explainIdentity(answer.error)
  if (!body.passkey) throw new Error(body.message)
  return body.passkey
}

describe('a passkey that was made', () => {
  test.each(['ES256', 'EdDSA', 'RS256'] as const)('with a key for %s is added with a fresh code', async (algorithm) => {
    const who = await somebody()
    const passkey = must(await added(who, createAuthenticator(algorithm)))
    expect(await passkeysOf(who.id)).toMatchObject([{ id: passkey.id, label: 'blue', lastUsedAt: null }])
    expect((await world.entries()).at(-1)).toMatchObject({
      ...{ act: 'identity.passkey_added', by: who.id, fields: { passkey: passkey.id, algorithm } },
      attests: [{ kind: 'passkey' }],
    })
  })

  test('is asked for without naming its maker, by somebody who is made sure of, and not where one is already', async () => {
    const who = await somebody()
    const { authenticator } = await owned(who)
    expect(await begin(who)).toMatchObject({
      ...{ rp: { id: 'localhost' }, attestation: 'none', authenticatorSelection: { userVerification: 'required' } },
      excludeCredentials: [{ id: authenticator.credential }],
    })
  })

  test.each<[string, Answering & Parameters<Authenticator['made']>[1]]>([
    ['on a page of another origin', { origin: 'https://localhost.example.com' }],
    ['for another name', { rpId: 'example.com' }],
    ['as an answer, not as a new one', { type: 'webauthn.get' }],
    ['without making sure of the person', { verified: false }],
    ['with certificates of its maker', { statement: { fmt: 'packed', attStmt: { alg: -7, sig: Buffer.alloc(70), x5c: Buffer.alloc(3) } } }],
    ['in a format that nobody asked for', { statement: { fmt: 'tpm', attStmt: { ver: '2.0' } } }],
  ])('%s is not added', async (_how, over) => {
    const who = await somebody()
    expect(await added(who, createAuthenticator(), over)).toMatchObject(refused('identity.passkey_malformed'))
    expect(await passkeysOf(who.id)).toEqual([])
  })

  test('is not added when another one was begun since, five minutes later, by somebody else, or twice', async () => {
    const [who, other] = [await somebody(), await somebody()]
    const add = (credential: ReturnType<Authenticator['made']>, by: Who) =>
      world.identity.addPasskey({ credential, label: 'x', code: by.code(), by: by.id })
    const authenticator = createAuthenticator()
    const before = authenticator.made((await begin(who)).challenge)
    expect(await add(before, other)).toMatchObject(refused('identity.passkey_not_begun'))
    const { challenge } = await begin(who)
    expect(await add(before, who)).toMatchObject(refused('identity.passkey_malformed'))
    must(await add(authenticator.made(challenge), who))
    expect(await add(authenticator.made(challenge), who)).toMatchObject(refused('identity.passkey_not_begun'))
    expect(await added(other, authenticator)).toMatchObject(refused('identity.passkey_taken'))
    const late = (await begin(who)).challenge
    world.later(5 * 60_000)
    expect(await add(createAuthenticator().made(late), who)).toMatchObject(refused('identity.passkey_not_begun'))
  })

  test('stays begun when the code was wrong', async () => {
    const who = await somebody()
    const credential = createAuthenticator().made((await begin(who)).challenge)
    const wrong = await world.identity.addPasskey({ credential, label: 'x', code: '000000', by: who.id })
    expect(wrong).toMatchObject(refused('factor.code_wrong'))
    must(await world.identity.addPasskey({ credential, label: 'x', code: who.code(), by: who.id }))
  })

  test('is added by the word of another one, and the question is no refusal in the ledger', async () => {
    const who = await somebody()
    const { authenticator } = await owned(who)
    const credential = createAuthenticator().made((await begin(who)).challenge)
    const add = (code: string) => world.identity.addPasskey({ credential, label: 'second', code, by: who.id })
    const before = (await world.entries()).length
    const asked = askedOf(await add('passkey'))
    expect(asked).toMatchObject({ rpId: 'localhost', credentials: [authenticator.credential] })
    expect(await world.entries()).toHaveLength(before)
    // the same yes brings in no key of somebody else’s
    const theirs = { ...createAuthenticator().made((await begin(who)).challenge) }
    const smuggled = await world.identity.addPasskey({
      credential: theirs,
      label: 'x',
      code: authenticator.answer(asked.challenge),
      by: who.id,
    })
    expect(smuggled).toMatchObject(refused('factor.passkey_refused'))
  })
})

describe('a sign-in', () => {
  const signIn = (code: string, challenge: string) => world.identity.signInCode({ challenge, code, kind: 'cli', source })
  const password = async (who: Who) => must(await world.identity.signIn({ name: who.name, password: goodPassword, source }))

  test('with a passkey says so in the ledger, and when it was used', async () => {
    const who = await somebody()
    expect(await password(who)).toMatchObject({ passkeys: false })
    const { authenticator } = await owned(who)
    const { challenge, passkeys } = await password(who)
    expect(passkeys).toBe(true)
    const asked = askedOf(await signIn('passkey', challenge))
    const { token } = must(await signIn(authenticator.answer(asked.challenge), challenge))
    must(await world.identity.authenticate(token))
    expect((await world.entries()).at(-1)).toMatchObject({ act: 'identity.signed_in', fields: { factor: 'passkey' } })
    expect(await passkeysOf(who.id)).toMatchObject([{ lastUsedAt: expect.any(String) }])
    expect(await signIn(authenticator.answer(asked.challenge), challenge)).toMatchObject(refused('identity.challenge_gone'))
  })

  test('takes the answer for this sign-in alone, and not without the password', async () => {
    const who = await somebody()
    const { authenticator } = await owned(who)
    const [mine, other] = [await password(who), await password(who)]
    const asked = askedOf(await signIn('passkey', mine.challenge))
    expect(await signIn(authenticator.answer(asked.challenge), other.challenge)).toMatchObject(refused('factor.passkey_refused'))
    expect((await world.entries()).at(-1)).toMatchObject({
      act: 'identity.sign_in',
      phase: 'refused',
      fields: { code: 'factor.passkey_refused' },
    })
    expect(await signIn('passkey', `${who.id}.made-up`)).toMatchObject(refused('identity.challenge_gone'))
  })
})

describe('passkeys that go', () => {
  const by = (who: Who) => ({ by: who.id, code: who.code() })

  test('are removed by their owner with a fresh code, and nobody else’s are known', async () => {
    const [who, other] = [await somebody(), await somebody()]
    const { id } = await owned(who)
    const passkey = id as PasskeyId
    expect(await world.identity.removePasskey({ passkey, ...by(other) })).toMatchObject(refused('identity.passkey_unknown'))
    expect(await world.identity.removePasskey({ passkey, by: who.id, code: '000000' })).toMatchObject(refused('factor.code_wrong'))
    must(await world.identity.removePasskey({ passkey, ...by(who) }))
    expect(await passkeysOf(who.id)).toEqual([])
    expect((await world.entries()).at(-1)).toMatchObject({ act: 'identity.passkey_removed', by: who.id, fields: { passkey } })
  })

  test('are removed one by one by an administrator, which alarms where they were an approver’s', async () => {
    const { id } = await owned(world.bob)
    const asked = { person: world.bob.id, passkey: id as PasskeyId, reason: 'lost' }
    expect(await world.identity.removePasskeyOf({ ...asked, ...by(world.alice) })).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.identity.removePasskeyOf({ ...asked, person: world.alice.id, ...by(world.carol) })).toMatchObject(
      refused('identity.passkey_unknown'),
    )
    must(await world.identity.removePasskeyOf({ ...asked, ...by(world.carol) }))
    expect(await passkeysOf(world.bob.id)).toEqual([])
    const entries = await world.entries()
    expect(entries.find((e) => e.act === 'identity.others_passkey_removed')).toMatchObject({ by: world.carol.id, fields: { passkey: id } })
    expect(entries.find((e) => e.act === 'alarm.guard_changed')).toMatchObject({ fields: { what: 'passkey_removed' } })
  })

  test('go with the authenticator that an administrator removes, and with a reset; the keeper leaves none behind', async () => {
    const [one, two] = [await somebody(), await somebody()]
    for (const who of [one, two]) await owned(who)
    const row = await world.vouched('person', one.id)
    const [factor] = await world.sql("select * from factor where person_id = $1 and kind = 'totp'", [one.id])
    const { revision: _, mac: __, created_at: ___, ...totp } = factor
    const alone = await world.write(
      [
        { kind: 'person', revision: 3, row: { ...row, state: 'invited' } },
        { kind: 'factor', revision: 2, row: { ...totp, state: 'replaced' } },
      ],
      world.stepUp(world.carol),
    )
    expect(alone).toMatchObject(refused('keeper.not_authorised'))
    must(await world.identity.removeAuthenticator({ person: one.id, reason: 'lost phone', ...by(world.carol) }))
    must(await world.identity.resetPerson({ person: two.id, reason: 'lost all', ...by(world.carol) }))
    for (const who of [one, two]) expect(await passkeysOf(who.id)).toEqual([])
    for (const act of ['identity.authenticator_removed', 'identity.person_reset'])
      expect((await world.entries()).find((e) => e.act === act)?.fields.passkeys).toHaveLength(1)
  })

  test('help who lost the phone: their word begins another authenticator', async () => {
    const who = await somebody()
    const { authenticator } = await owned(who)
    const ask = (code: string) => world.identity.replaceAuthenticator({ by: who.id, name: who.name, password: goodPassword, code, source })
    const asked = askedOf(await ask('passkey'))
    const { token, totp } = must(await ask(authenticator.answer(asked.challenge)))
    must(await world.identity.confirmAuthenticator({ by: who.id, token, code: world.codeOf(totp.secret) }))
    expect(await passkeysOf(who.id)).toHaveLength(1)
  })
})
