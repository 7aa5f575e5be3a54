import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSeed, signingKey } from '../../platform/crypto/ed25519.ts'
import { ed25519Blob, fingerprint, formatPublicKeyLine } from '../../protocols/ssh-keys/index.ts'
import { createPasswords } from './passwords.ts'
import { goodPassword, type House, must, openHouse, type Someone } from './test/house.ts'

let house: House
let alice: Someone
let carol: Someone
beforeAll(async () => {
  house = await openHouse()
  carol = await house.enrolled('carol', ['administrators', 'security'])
  alice = await house.enrolled('alice')
})
afterAll(() => house?.close())

const source = '127.0.0.1'
const forgedRowAlarm = async () => (await house.entries()).some((e) => e.act === 'alarm.forged_row')
/** The vouching for a person is kept for two seconds. */
const afterTheCache = () => house.later(3000)

describe('whoever can write to the database', () => {
  test('signs in with no password of their own making, and raises an alarm', async () => {
    const verifier = await (await createPasswords()).verifierOf('attacker knows this one')
    const [before] = await house.sql("select id, verifier from factor where person_id = $1 and kind = 'password'", [carol.id])
    await house.sql('update factor set verifier = $2 where id = $1', [before.id, verifier])
    const forged = await house.identity.signIn({ name: 'carol', password: 'attacker knows this one', source })
    expect(forged).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
    expect(await forgedRowAlarm()).toBe(true)
    expect(await house.sql('select * from sign_in_challenge where person_id = $1', [carol.id])).toEqual([])
    await house.sql('update factor set verifier = $2 where id = $1', [before.id, before.verifier])
    must(await house.identity.signIn({ name: 'carol', password: goodPassword, source }))
  })

  test('cannot make a verifier that costs what they like', async () => {
    const [before] = await house.sql("select id, verifier from factor where person_id = $1 and kind = 'password'", [alice.id])
    await house.sql('update factor set verifier = $2 where id = $1', [before.id, before.verifier.replace('m=19456', 'm=4194304')])
    expect(await house.identity.signIn({ name: 'alice', password: goodPassword, source })).toMatchObject({ ok: false })
    await house.sql('update factor set verifier = $2 where id = $1', [before.id, before.verifier])
  })

  test('gives themselves no group', async () => {
    const { token } = await house.signedIn(alice)
    await house.sql("update person set groups = '{administrators,security}' where id = $1", [alice.id])
    afterTheCache()
    expect(await house.identity.authenticate(token)).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
    await house.sql("update person set groups = '{administrators,security}', revision = revision + 1 where id = $1", [alice.id])
    expect(await house.identity.authenticate(token)).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
    await house.sql("update person set groups = '{engineers}', revision = revision - 1 where id = $1", [alice.id])
    afterTheCache()
    must(await house.identity.authenticate(token))
  })

  test('turns their own sign-in into nobody else’s', async () => {
    const { token, signIn } = await house.signedIn(alice)
    await house.sql('update sign_in set person_id = $2 where id = $1', [signIn, carol.id])
    expect(await house.identity.authenticate(token)).toEqual({ ok: false, error: { code: 'identity.signed_out' } })
    expect((await house.entries()).find((e) => e.fields.subject === signIn)).toMatchObject({ act: 'alarm.forged_row', phase: 'alarm' })
    await house.sql('update sign_in set person_id = $2 where id = $1', [signIn, alice.id])
    must(await house.identity.authenticate(token))
  })

  test('goes on with no challenge that another password began', async () => {
    const { challenge } = must(await house.identity.signIn({ name: 'alice', password: goodPassword, source }))
    await house.sql('update sign_in_challenge set person_id = $2 where person_id = $1', [alice.id, carol.id])
    const moved = await house.identity.signInCode({ challenge, code: carol.code(), kind: 'cli', source })
    expect(moved).toMatchObject({ ok: false, error: { code: 'identity.challenge_gone' } })
  })

  test('prolongs no sign-in', async () => {
    const { token, signIn } = await house.signedIn(alice)
    await house.sql(
      "update sign_in set created_at = created_at + interval '4 hours', expires_at = expires_at + interval '4 hours' where id = $1",
      [signIn],
    )
    expect(await house.identity.authenticate(token)).toMatchObject({ ok: false, error: { code: 'identity.signed_out' } })
  })

  test('takes another’s sign-in by putting its presence under a token of theirs for nothing', async () => {
    const theirs = await house.signedIn(alice)
    const hers = await house.signedIn(carol)
    await house.sql(
      'update sign_in a set person_id = c.person_id, presence = c.presence, created_at = c.created_at, expires_at = c.expires_at from sign_in c where a.id = $1 and c.id = $2',
      [theirs.signIn, hers.signIn],
    )
    expect(await house.identity.authenticate(theirs.token)).toMatchObject({ ok: false, error: { code: 'identity.signed_out' } })
  })

  test('comes through the door with no key of their own', async () => {
    const blob = ed25519Blob(signingKey(newSeed()).publicKey)
    const line = formatPublicKeyLine({ type: 'ssh-ed25519', blob })
    await house.sql(
      "insert into ssh_key (id, person_id, label, algorithm, public_key, fingerprint, revision, mac) values ('key_aaaaaaaaaa', $1, 'x', 'ssh-ed25519', $2, $3, 1, decode('00', 'hex'))",
      [carol.id, line, fingerprint(blob)],
    )
    const forged = await house.identity.recogniseSshKey({ name: 'carol', publicKey: blob })
    expect(forged).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
  })

  test('moves nobody’s key to a person of theirs', async () => {
    const blob = ed25519Blob(signingKey(newSeed()).publicKey)
    const bob = await house.enrolled('bob', ['approvers'], formatPublicKeyLine({ type: 'ssh-ed25519', blob }))
    expect(must(await house.identity.recogniseSshKey({ name: 'bob', publicKey: blob })).person.id).toBe(bob.id)
    await house.sql('update ssh_key set person_id = $2 where person_id = $1', [bob.id, carol.id])
    const moved = await house.identity.recogniseSshKey({ name: 'carol', publicKey: blob })
    expect(moved).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
  })

  test('locks nobody out unseen', async () => {
    const frank = await house.enrolled('frank')
    const { token } = await house.signedIn(frank)
    await house.sql("update person set state = 'disabled' where id = $1", [frank.id])
    afterTheCache()
    expect(await house.identity.authenticate(token)).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
  })
})

test('a new epoch of the keeper voids every sign-in', async () => {
  const { token } = await house.signedIn(alice)
  house.beginEpoch()
  afterTheCache()
  expect(await house.identity.authenticate(token)).toEqual({ ok: false, error: { code: 'identity.signed_out' } })
  must(await house.identity.authenticate((await house.signedIn(alice)).token))
})
