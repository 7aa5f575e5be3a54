import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  buildUserCertificate,
  ed25519Blob,
  forEver,
  p256Blob,
  p256CertificateType,
  parseUserCertificate,
  type UserCertificate,
} from './index.ts'
import { freshPair } from './keys.fixture.ts'
import { WireReader } from './wire.ts'

const authority = freshPair()
const certified = freshPair()
const fields = (more: Partial<UserCertificate> = {}): UserCertificate => ({
  nonce: Uint8Array.from(randomBytes(32)),
  publicKey: certified.publicKey,
  serial: 7n,
  keyId: 'alice, 12 minutes',
  principals: ['alice'],
  validAfter: 1_700_000_000n,
  validBefore: 1_700_000_720n,
  criticalOptions: [],
  extensions: [{ name: 'permit-pty' }],
  authority: ed25519Blob(authority.publicKey),
  ...more,
})

const name = fc.stringMatching(/^[a-z][a-z-]{0,20}$/)
const options = fc
  .uniqueArray(fc.record({ name, value: fc.option(fc.string({ minLength: 0, maxLength: 30 }), { nil: undefined }) }), {
    selector: (o) => o.name,
    maxLength: 5,
  })
  .map((list) =>
    list.map(({ name, value }) => (value === undefined ? { name } : { name, value })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  )

describe('a user certificate', () => {
  test('says after parsing what was built into it, and which bytes were signed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          serial: fc.bigInt({ min: 0n, max: forEver }),
          keyId: fc.string({ unit: 'grapheme', maxLength: 40 }),
          principals: fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 5 }),
          validBefore: fc.bigInt({ min: 0n, max: forEver }),
          criticalOptions: options,
          extensions: options,
        }),
        async (some) => {
          let signed: Uint8Array | undefined
          const blob = await buildUserCertificate(fields(some), (bytes) => {
            signed = bytes
            return authority.sign(bytes)
          })
          const parsed = parseUserCertificate(blob)
          expect(parsed).toMatchObject({ ok: true, value: { ...some, signed, signature: { algorithm: 'ssh-ed25519' } } })
        },
      ),
      { numRuns: 50 },
    )
  })

  test('of a key on P-256, by an authority on P-256, says the same, and is none of an Ed25519 key', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.bigInt({ min: 0n, max: forEver }),
        async (point, signature, serial) => {
          const [publicKey, ca] = [Uint8Array.of(4, ...point), p256Blob(Uint8Array.of(4, ...signature))]
          const blob = await buildUserCertificate(fields({ publicKey, serial, authority: ca }), () => signature)
          expect(parseUserCertificate(blob).ok).toBe(false)
          const parsed = parseUserCertificate(blob, p256CertificateType)
          expect(parsed).toMatchObject({ ok: true, value: { publicKey, serial, authority: ca, principals: ['alice'] } })
          if (!parsed.ok) return
          expect(parsed.value.signature.algorithm).toBe('ecdsa-sha2-nistp256')
          const numbers = new WireReader(parsed.value.signature.bytes)
          const [r, s] = [numbers.string(), numbers.string()].map((n) => BigInt(`0x0${Buffer.from(n).toString('hex')}`))
          expect([r, s]).toEqual([0, 32].map((at) => BigInt(`0x${Buffer.from(signature.subarray(at, at + 32)).toString('hex')}`)))
        },
      ),
      { numRuns: 50 },
    )
  })

  test.each([31, 33, 64, 66])('is not made of a key of %i bytes', async (length) => {
    await expect(buildUserCertificate(fields({ publicKey: new Uint8Array(length).fill(4) }), authority.sign)).rejects.toThrow(RangeError)
  })

  test('is refused at every cut, and with bytes behind it', async () => {
    const blob = await buildUserCertificate(fields(), authority.sign)
    for (let cut = 0; cut < blob.length; cut++) expect(parseUserCertificate(blob.subarray(0, cut)).ok).toBe(false)
    expect(parseUserCertificate(Uint8Array.of(...blob, 0)).ok).toBe(false)
  })

  test('never crashes with a byte changed, and another byte is never the same certificate', async () => {
    const blob = await buildUserCertificate(fields(), authority.sign)
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Uint8Array.from(blob)
        changed[at] = (changed[at] ?? 0) ^ bits
        const parsed = parseUserCertificate(changed)
        if (!parsed.ok) return
        const { signed, signature } = parsed.value
        expect([...signed, ...signature.bytes, signature.algorithm]).not.toEqual([
          ...blob.subarray(0, signed.length),
          ...blob.subarray(-64),
          'ssh-ed25519',
        ])
      }),
    )
  })

  test('with an option twice, or out of order, is refused', async () => {
    const twice = fields({
      criticalOptions: [
        { name: 'force-command', value: 'a' },
        { name: 'force-command', value: 'b' },
      ],
    })
    expect(parseUserCertificate(await buildUserCertificate(twice, authority.sign)).ok).toBe(false)
  })

  test('with too many principals is refused', async () => {
    const crowd = fields({ principals: Array.from({ length: 65 }, (_, i) => `p${i}`) })
    expect(parseUserCertificate(await buildUserCertificate(crowd, authority.sign)).ok).toBe(false)
  })
})
