import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { challengeOf, readAuthenticatorData, readPasskeyAnswer, writePasskeyAnswer } from './index.ts'

const origin = 'https://pam.example.com'
const said = (text: string) => Buffer.from(text, 'utf8')
const usual = `{"type":"webauthn.get","challenge":"abc-_9","origin":"${origin}","crossOrigin":false}`

describe('client data', () => {
  test.each([
    ['as browsers write them', usual],
    ['as older ones do', `{"type":"webauthn.get","challenge":"abc-_9","origin":"${origin}"}`],
    ['with what one adds behind', `${usual.slice(0, -1)},"other_keys_can_be_added_here":"do not compare"}`],
  ])('%s tell their challenge', (_how, text) => {
    expect(challengeOf(said(text), origin)).toBe('abc-_9')
  })

  test.each([
    ['of another origin', usual.replace(origin, 'https://pam.example.org')],
    ['of an origin that begins as ours', usual.replace(origin, `${origin}.example.org`)],
    ['of our name at a port', usual.replace(origin, `${origin}:8443`)],
    ['of the clear-text twin of our origin', usual.replace('https:', 'http:')],
    ['of the making of a passkey', usual.replace('.get', '.create')],
    ['from inside a page of somebody else', usual.replace('false', 'true')],
    ['that say so a second time', usual.replace('}', ',"crossOrigin":true}')],
    ['that say so in an escape', usual.replace('}', ',"cross\\u004frigin":true}')],
    ['that say so without saying the first', usual.replace('"crossOrigin":false', '"topOrigin":"https://example.org"')],
    ['in another order', `{"challenge":"abc-_9","type":"webauthn.get","origin":"${origin}"}`],
    ['with a space', usual.replace(':"webauthn', ': "webauthn')],
    ['without an end', usual.slice(0, -1)],
    ['with something behind the end', `${usual} `],
    ['without a challenge', usual.replace('abc-_9', '')],
    ['with a challenge in other letters', usual.replace('abc-_9', 'abc+/9')],
    ['with an escape in the challenge', usual.replace('abc-_9', 'ab\\u0063')],
    ['that are longer than 1 KiB', `${usual.slice(0, -1)},"more":"${'x'.repeat(1024)}"}`],
    ['that are nothing', ''],
  ])('%s tell nothing', (_what, text) => {
    expect(challengeOf(said(text), origin)).toBeUndefined()
  })

  test('are believed only when JSON says the same', () => {
    const piece = fc.oneof(
      fc.constantFrom('"', ',', '}', '{', ':', '\\', 'crossOrigin', 'true', 'false', 'origin', origin, 'type', 'webauthn.get', 'challenge'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.nat(usual.length), fc.nat(6), fc.array(piece, { maxLength: 6 }), (at, gone, pieces) => {
        const text = usual.slice(0, at) + pieces.join('') + usual.slice(at + gone)
        const challenge = challengeOf(said(text), origin)
        if (challenge === undefined) return
        // what stands behind need not be JSON for us; what we believe has to be what the beginning says
        expect(text.startsWith(`{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}"`)).toBe(true)
        let json: Record<string, unknown>
        try {
          json = JSON.parse(text)
        } catch {
          return
        }
        expect(json.crossOrigin ?? false).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  test('are nothing of which a byte was changed, but for the challenge itself and the name of a member that may be missing', () => {
    fc.assert(
      fc.property(fc.nat(usual.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bytes = said(usual)
        const before = bytes[at]
        bytes[at] = byte
        const challenge = challengeOf(bytes, origin)
        const free = (part: string) => at >= usual.indexOf(part) && at < usual.indexOf(part) + part.length
        if (before !== byte && challenge !== undefined) expect(free('abc-_9') || free('crossOrigin":false')).toBe(true)
      }),
    )
  })
})

describe('authenticator data', () => {
  test('are 37 bytes, without a key or extensions', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const read = readAuthenticatorData(bytes)
        expect(read !== undefined).toBe(bytes.length === 37 && ((bytes[32] ?? 0) & 0xc0) === 0)
      }),
    )
  })

  test('say what is in them, also inside a larger buffer', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(0xffffffff),
        fc.nat(9),
        (hash, up, uv, counter, before) => {
          const whole = Buffer.alloc(before + 37)
          whole.set(hash, before)
          whole[before + 32] = (up ? 1 : 0) | (uv ? 4 : 0) | 0x18
          whole.writeUInt32BE(counter, before + 33)
          const read = readAuthenticatorData(whole.subarray(before))
          expect(read).toMatchObject({ userPresent: up, userVerified: uv, counter })
          expect(Buffer.from(read?.rpIdHash ?? [])).toEqual(Buffer.from(hash))
        },
      ),
    )
  })
})

describe('an answer in the place of a code', () => {
  const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max })
  test('comes back as it went', () => {
    fc.assert(
      fc.property(bytes(16, 1023), bytes(37, 37), bytes(1, 1024), bytes(1, 525), (id, authenticatorData, clientData, signature) => {
        const answer = { credential: Buffer.from(id).toString('base64url'), authenticatorData, clientData, signature }
        const read = readPasskeyAnswer(writePasskeyAnswer(answer))
        expect(read?.credential).toBe(answer.credential)
        for (const part of ['authenticatorData', 'clientData', 'signature'] as const)
          expect(Buffer.from(read?.[part] ?? [])).toEqual(Buffer.from(answer[part]))
      }),
    )
  })

  test('is no other text, not even by a bit that means nothing', () => {
    const answer = writePasskeyAnswer({
      credential: 'a'.repeat(22),
      authenticatorData: Buffer.alloc(37),
      clientData: said(usual),
      signature: Buffer.alloc(70),
    })
    expect(readPasskeyAnswer(answer)).toBeDefined()
    const parts = answer.split('.')
    for (const wrong of [
      'passkey',
      '123456',
      `${answer}.a`,
      answer.replace('passkey', 'passkex'),
      parts.toSpliced(2, 1, `${'A'.repeat(49)}E`).join('.'),
      parts.toSpliced(2, 1, 'A'.repeat(51)).join('.'),
      parts.toSpliced(1, 1, 'a'.repeat(15)).join('.'),
      parts.toSpliced(3, 1, 'a'.repeat(1367)).join('.'),
      parts.toSpliced(4, 1, 'a'.repeat(701)).join('.'),
      parts.toSpliced(4, 1, 'a=').join('.'),
    ])
      expect(readPasskeyAnswer(wrong)).toBeUndefined()
  })
})
