import { Secret as OtpSecret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type House, must, openHouse, type Someone } from '../domains/identity/test/house.ts'
import { newSeed, signingKey } from '../platform/crypto/ed25519.ts'
import { newId, randomToken } from '../platform/crypto/random.ts'
import { ed25519Blob, ed25519CertificateType, parseUserCertificate, writeSignedLogin } from '../protocols/ssh-keys/index.ts'
import type { Keeper } from './client.ts'
import { openDevKeeper } from './test/start.ts'

let house: House
let gateway: Keeper
let carol: Someone
beforeAll(async () => {
  house = await openHouse()
  gateway = await house.as('gateway')
  carol = await house.enrolled('carol', ['administrators', 'security'])
})
afterAll(() => house?.close())

const refused = (code: string) => ({ ok: false, error: { code } })
const hours = (n: number) => n * 3600_000
let names = 0
/** Somebody whose codes of any moment are known. */
async function somebody() {
  const person = await house.enrolled(`p${names++}`)
  const [factor] = await house.sql("select id from factor where person_id = $1 and kind = 'totp'", [person.id])
  const seed = must(await house.inside.context.vault.openState({ kind: 'factor', id: factor.id, what: 'totp' }, 'current'))
  const bytes = await seed.secret.use('sign', (b) => Uint8Array.from(b))
  const totp = new TOTP({ secret: new OtpSecret({ buffer: bytes.buffer }), digits: 6, period: 30 })
  house.later(120_000) // the code of the enrolment lies behind
  return {
    ...person,
    factor: factor.id as string,
    /** The code of so many steps from now. */
    codeAt: (steps: number) => totp.generate({ timestamp: house.clock.now().getTime() + steps * 30_000 }),
  }
}
const spend = (person: { id: string }, code: string) => house.keeper.ask('presence', { person: person.id, code })
const wrong = (right: string) => String((Number(right) + 1) % 1_000_000).padStart(6, '0')

describe('a code from an authenticator', () => {
  // between making a code and showing it, its half minute may be over
  beforeEach(() => house.standStill())
  test.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('of %i steps from now: accepted is %s', async (steps, accepted) => {
    const person = await somebody()
    expect((await spend(person, person.codeAt(steps))).ok).toBe(accepted)
  })

  test('is accepted once, also by another door, also after its row was put back', async () => {
    const person = await somebody()
    const code = person.codeAt(0)
    const [before] = await house.sql('select last_step from vault.factor_use where factor_id = $1', [person.factor])
    must(await spend(person, code))
    expect(await spend(person, code)).toMatchObject(refused('factor.code_used'))
    expect(await gateway.ask('presence', { person: person.id, code })).toMatchObject(refused('factor.code_used'))
    await house.sql('update vault.factor_use set last_step = $2 where factor_id = $1', [person.factor, before.last_step])
    expect(await spend(person, code)).toMatchObject(refused('factor.code_used'))
    await house.sql('delete from vault.factor_use where factor_id = $1', [person.factor])
    expect(await spend(person, code)).toMatchObject(refused('factor.code_used'))
  })

  test('is not accepted behind a later one', async () => {
    const person = await somebody()
    must(await spend(person, person.codeAt(1)))
    expect(await spend(person, person.codeAt(0))).toMatchObject(refused('factor.code_used'))
  })

  test('is accepted from one of many who send it at once', async () => {
    const person = await somebody()
    const code = person.codeAt(0)
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) => (i % 2 ? gateway : house.keeper).ask('presence', { person: person.id, code })),
    )
    expect(answers.filter((a) => a.ok)).toHaveLength(1)
  })

  test('locks when six were wrong, for half an hour, whatever the database says of it', async () => {
    const person = await somebody()
    const code = person.codeAt(0)
    for (let left = 5; left > 0; left--)
      expect(await spend(person, wrong(code))).toMatchObject({ error: { code: 'factor.code_wrong', facts: { left } } })
    expect(await spend(person, wrong(code))).toMatchObject(refused('factor.locked'))
    expect(await spend(person, code)).toMatchObject(refused('factor.locked'))
    await house.sql('update vault.factor_use set failures = 0, locked_until = null where factor_id = $1', [person.factor])
    expect(await spend(person, person.codeAt(1))).toMatchObject(refused('factor.locked'))
    house.later(30 * 60_000)
    must(await spend(person, person.codeAt(0)))
  })

  test('counts wrong ones although their count is put back after each', async () => {
    const person = await somebody()
    for (let i = 0; i < 6; i++) {
      await spend(person, wrong(person.codeAt(0)))
      await house.sql('update vault.factor_use set failures = 0 where factor_id = $1', [person.factor])
    }
    expect(await spend(person, person.codeAt(0))).toMatchObject(refused('factor.locked'))
  })

  test('begins to count anew after a right one', async () => {
    const person = await somebody()
    for (let i = 0; i < 5; i++) await spend(person, wrong(person.codeAt(0)))
    must(await spend(person, person.codeAt(0)))
    expect(await spend(person, wrong(person.codeAt(1)))).toMatchObject({ error: { facts: { left: 5 } } })
  })

  test.each([
    ['nobody', async () => newId('per') as string, 'keeper.unknown_row'],
    ['somebody who is only invited', async () => (await invited()).person, 'factor.person_not_active'],
  ])('opens nothing for %s', async (_who, of, code) => {
    expect(await house.keeper.ask('presence', { person: await of(), code: '123456' })).toMatchObject(refused(code))
  })

  test.each(['12345', '1234567', '12345a', ''])('is six digits and not "%s"', async (code) => {
    expect(await spend(carol, code)).toMatchObject(refused('keeper.malformed'))
  })
})

describe('a presence', () => {
  beforeEach(() => house.standStill())
  const use = (presence: string) => house.inside.context.presences.check(presence)
  const given = async () => must(await spend(carol, carol.code())).presence

  test('lasts eight hours and no longer', async () => {
    const presence = await given()
    house.later(hours(8) - 1)
    must(use(presence))
    house.later(1)
    expect(use(presence)).toMatchObject(refused('presence.expired'))
  })

  test.each([0, 1, 2, 3, 4, 5])('is nothing with its part %i changed', async (part) => {
    const parts = (await given()).split('.')
    const last = parts[part]?.at(-2)
    parts[part] = `${parts[part]?.slice(0, -2)}${last === '1' ? '2' : '1'}${parts[part]?.at(-1)}`
    expect(use(parts.join('.'))).toMatchObject(refused('presence.invalid'))
  })

  test.each(['', '.', '.....', 'per_aaaaaaaaaa.1.0.9999999999999.x.', randomToken(64)])('is not made up: "%s"', (made) => {
    expect(use(made)).toMatchObject(refused('presence.invalid'))
  })

  test('is void in the next epoch', async () => {
    const presence = await given()
    house.beginEpoch()
    expect(use(presence)).toMatchObject(refused('presence.expired'))
  })
})

async function invited() {
  const name = `p${names++}`
  const made = must(
    await house.identity.invitePerson({
      name,
      displayName: name,
      groups: ['engineers'],
      authority: { by: 'setup', token: house.setupToken },
      by: null,
    }),
  )
  return { person: made.person.id as string, token: made.enrolmentToken }
}

describe('an enrolment link', () => {
  beforeEach(() => house.standStill())
  const begin = (token: string) => house.keeper.ask('beginEnrolment', { token })

  test('is good for 72 hours', async () => {
    const { token } = await invited()
    house.later(hours(72) - 1)
    must(await begin(token))
    house.later(1)
    expect(await begin(token)).toMatchObject(refused('enrolment.expired'))
  })

  test('is good once: not again, and not after its row was put back', async () => {
    const { token, person } = await invited()
    const [before] = await house.sql('select to_jsonb(e) as row from vault.enrolment e where person_id = $1', [person])
    const { totp } = must(await house.identity.beginEnrolment({ token, password: 'correct horse battery staple' }))
    must(await house.identity.confirmEnrolment({ token, code: house.codeOf(totp.secret), sshKey: undefined }))
    expect(await begin(token)).toMatchObject(refused('enrolment.used'))
    await house.sql('delete from vault.enrolment where person_id = $1', [person])
    await house.sql('insert into vault.enrolment select * from jsonb_populate_record(null::vault.enrolment, $1)', [before.row])
    // the link was for the person as they were when it was made
    expect(await begin(token)).toMatchObject(refused('enrolment.unknown'))
  })

  test('is nobody’s once its row names another person', async () => {
    const { token, person } = await invited()
    await house.sql('update vault.enrolment set person_id = $2 where person_id = $1', [person, carol.id])
    expect(await begin(token)).toMatchObject(refused('enrolment.unknown'))
  })

  test.each(['', 'x', randomToken(24)])('is not made up: "%s"', async (token) => {
    expect((await begin(token)).ok).toBe(false)
  })

  test('makes no factor for anyone else, nor with the code of another factor', async () => {
    const { token } = await invited()
    must(await begin(token))
    const attempt = (content: Record<string, string>, code: string) =>
      house.keeper.ask('attest', { rows: [{ kind: 'factor', revision: 1, content }], authority: { by: 'enrolment', token, code } })
    const factor = { id: newId('fac'), person_id: carol.id, kind: 'password', verifier: 'mine', state: 'active' }
    expect(await attempt(factor, carol.code())).toMatchObject(refused('factor.code_wrong'))
  })
})

describe('a certificate', () => {
  const key = signingKey(newSeed())
  const publicKey = Buffer.from(ed25519Blob(key.publicKey)).toString('base64')
  let blob: Buffer
  const given = async () => {
    const presence = must(await spend(carol, carol.code())).presence
    const { certificate } = must(await house.keeper.ask('issueCertificate', { presence, publicKey }))
    blob = Buffer.from(certificate.split(' ')[1] ?? '', 'base64')
    return Number(must(parseUserCertificate(blob)).serial)
  }
  /** What a client signs that logs in with the certificate given last. */
  const signedAs = (user: string, algorithm = ed25519CertificateType) =>
    Buffer.from(writeSignedLogin({ sessionId: Buffer.alloc(32, 7), user, algorithm, key: blob }))
  const present = (serial: number, signed: Buffer, signature: Buffer) =>
    gateway.ask('presenceByCertificate', { serial, signed: signed.toString('base64'), signature: signature.toString('base64') })
  const login = (serial: number, signed = signedAs('carol@deploy@web01')) => present(serial, signed, key.sign(signed))

  test('gives a presence that is as old as the code behind it, and ends with the certificate', async () => {
    const serial = await given()
    house.later(hours(3))
    const { presence, person } = must(await login(serial))
    expect(person).toBe(carol.id)
    const { at, until } = must(house.inside.context.presences.check(presence))
    expect(house.clock.now().getTime() - at.getTime()).toBeGreaterThanOrEqual(hours(3))
    expect(until.getTime() - at.getTime()).toBeLessThanOrEqual(hours(4) + 1000)
    house.later(hours(1))
    expect(await login(serial)).toMatchObject(refused('certificate.expired'))
  })

  test('does not outlive the sign-in that it comes from', async () => {
    const presence = must(await spend(carol, carol.code())).presence
    const { until } = must(house.inside.context.presences.check(presence))
    house.later(hours(7))
    const { validUntil } = must(await house.keeper.ask('issueCertificate', { presence, publicKey }))
    expect(validUntil).toBe(until.toISOString())
  })

  test.each([
    ['its key did not sign', (serial: number) => present(serial, signedAs('carol@a@b'), signingKey(newSeed()).sign(signedAs('carol@a@b')))],
    ['other bytes were signed', (serial: number) => present(serial, signedAs('carol@a@b'), key.sign(signedAs('carol@c@b')))],
    ['what was signed is no login', (serial: number) => login(serial, Buffer.from('SSHSIG and a commit'))],
    ['the login was with the bare key', (serial: number) => login(serial, signedAs('carol@a@b', 'ssh-ed25519'))],
    ['the login was with another certificate', async (serial: number) => (await given()) && login(serial)],
  ])('opens nothing when %s', async (_what, attempt) => {
    expect(await attempt(await given())).toMatchObject(refused('certificate.not_held'))
  })

  test('opens nothing when the login is under another name', async () => {
    expect(await login(await given(), signedAs('alice@carol@a@b'))).toMatchObject(refused('certificate.other_person'))
  })

  test('is nobody’s with a serial that we did not give', async () => {
    expect(await login(1)).toMatchObject(refused('certificate.unknown'))
  })

  test.each([
    ['person_id', "'per_aaaaaaaaaa'"],
    ['public_key', "'\\x00'::bytea"],
    ['valid_until', "valid_until + interval '1 day'"],
    ['shown_at', "shown_at + interval '1 hour'"],
    ['serial', '7'],
  ])('is nobody’s once its %s was changed in the database', async (column, value) => {
    const serial = await given()
    await house.sql(`update vault.certificate set ${column} = ${value} where serial = $1`, [serial])
    expect(await login(column === 'serial' ? 7 : serial)).toMatchObject(refused('certificate.unknown'))
  })

  test('is given for Ed25519 keys alone, to those who are there', async () => {
    const presence = must(await spend(carol, carol.code())).presence
    const rsa = Buffer.from('AAAAB3NzaC1yc2EAAAADAQABAAAAAQ==', 'base64').toString('base64')
    expect(await house.keeper.ask('issueCertificate', { presence, publicKey: rsa })).toMatchObject(refused('certificate.key_kind'))
    expect(await house.keeper.ask('issueCertificate', { presence: 'x', publicKey })).toMatchObject(refused('presence.invalid'))
    expect(await gateway.ask('issueCertificate', { presence, publicKey })).toMatchObject(refused('keeper.not_allowed'))
  })

  test('opens nothing for somebody who was disabled since', async () => {
    const serial = await given()
    const disabled = { ...must(await house.keeper.ask('vouch', { rows: [{ kind: 'person', id: carol.id }] })).rows[0], state: 'disabled' }
    const read = house.inside.context.facts.read
    house.inside.context.facts.read = async (kind, id) =>
      kind === 'person' ? { ok: true, value: { content: disabled as never, revision: 9 } } : read(kind, id)
    try {
      expect(await login(serial)).toMatchObject(refused('factor.person_not_active'))
    } finally {
      house.inside.context.facts.read = read
    }
  })
})

describe('the first run', () => {
  test('has one token, and once it is closed it stays closed, also after another start', async () => {
    expect(await house.keeper.ask('finishSetup', { token: 'x' })).toMatchObject(refused('setup.closed'))
    must(await house.keeper.ask('finishSetup', { token: house.setupToken }))
    expect(await house.isSetupToken(house.setupToken)).toBe(false)
    expect(await house.keeper.ask('finishSetup', { token: house.setupToken })).toMatchObject(refused('setup.closed'))
    const { pool, folder } = house.inside.context
    const again = await openDevKeeper({ pool, folder: folder.path(''), log: () => undefined })
    expect(again.context.setup.token).toBeUndefined()
    expect(again.context.setup.isToken(house.setupToken)).toBe(false)
  })
})
