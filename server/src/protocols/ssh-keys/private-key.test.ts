import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ed25519Blob, readPrivateKeyFace, writeEd25519PrivateKey } from './index.ts'
import { freshPair } from './keys.fixture.ts'

const pair = freshPair()
const pem = writeEd25519PrivateKey({ ...pair, comment: 'deploy@web01', check: 0xdeadbeef })

describe('a private key in PEM', () => {
  test('shows its public half', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.integer(), (comment, check) => {
        const face = readPrivateKeyFace(writeEd25519PrivateKey({ ...pair, comment, check }))
        expect(face).toEqual({ ok: true, value: { type: 'ssh-ed25519', publicBlob: ed25519Blob(pair.publicKey), encrypted: false } })
      }),
    )
  })

  test('has lines of 70 characters at most, and ends with a newline', () => {
    const text = new TextDecoder().decode(pem)
    expect(text.endsWith('-----END OPENSSH PRIVATE KEY-----\n')).toBe(true)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(70)
  })

  test('is refused at every cut', () => {
    for (let cut = 0; cut < pem.length - 1; cut++) expect(readPrivateKeyFace(pem.subarray(0, cut)).ok).toBe(false)
  })

  test('never crashes with a byte changed', () => {
    fc.assert(
      fc.property(fc.nat(pem.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = Uint8Array.from(pem)
        changed[at] = byte
        return typeof readPrivateKeyFace(changed).ok === 'boolean'
      }),
    )
  })

  test('takes a seed and a public key of 32 bytes only', () => {
    expect(() => writeEd25519PrivateKey({ ...pair, seed: new Uint8Array(31), check: 1 })).toThrow(RangeError)
    expect(() => writeEd25519PrivateKey({ ...pair, publicKey: new Uint8Array(33), check: 1 })).toThrow(RangeError)
  })
})
