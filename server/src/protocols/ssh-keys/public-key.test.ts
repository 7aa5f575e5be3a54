import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blobType, ed25519Blob, ed25519Raw, fingerprint, formatPublicKeyLine, parsePublicKeyLine } from './index.ts'

const raw = fc.uint8Array({ minLength: 32, maxLength: 32 })
const comment = fc.string({ maxLength: 80 })

describe('a public key line', () => {
  test('comes back as it was written, whatever the comment', () => {
    fc.assert(
      fc.property(raw, comment, (key, words) => {
        const blob = ed25519Blob(key)
        const line = formatPublicKeyLine({ type: 'ssh-ed25519', blob, comment: words })
        const parsed = parsePublicKeyLine(line)
        expect(parsed).toMatchObject({ ok: true, value: { type: 'ssh-ed25519', blob } })
        if (parsed.ok) expect(formatPublicKeyLine(parsed.value)).toBe(line)
      }),
    )
  })

  test('is one line, whatever the comment holds', () => {
    fc.assert(
      fc.property(raw, fc.string({ unit: 'binary', maxLength: 60 }), (key, words) => {
        expect(formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(key), comment: `${words}\nssh-rsa AAAA\r\0` })).not.toMatch(
          /[\0-\x1f]/,
        )
      }),
    )
  })

  const good = formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(new Uint8Array(32)) })
  test.each([
    ['nothing', ''],
    ['a type alone', 'ssh-ed25519'],
    ['another type than its blob', good.replace('ssh-ed25519', 'ssh-rsa')],
    ['what is no base64', 'ssh-ed25519 AAAA*AAA'],
    ['base64 cut off', good.slice(0, -3)],
    ['two lines', `${good}\n${good}`],
    ['options in front', `no-pty ${good}`],
    ['a blob without an end', `ssh-ed25519 ${'A'.repeat(30_000)}`],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
  ])('is refused when it is %s', (_what, line) => {
    expect(parsePublicKeyLine(line)).toMatchObject({ ok: false, error: { code: 'ssh_key.malformed' } })
  })

  test('never crashes on text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => typeof parsePublicKeyLine(text).ok === 'boolean'))
  })
})

describe('a blob', () => {
  test('gives back its raw key', () => {
    fc.assert(
      fc.property(raw, (key) => {
        expect(ed25519Raw(ed25519Blob(key))).toEqual({ ok: true, value: key })
      }),
    )
  })

  test('is refused at every cut, and with a byte too many', () => {
    const blob = ed25519Blob(new Uint8Array(32).fill(7))
    for (let cut = 0; cut < blob.length; cut++) expect(ed25519Raw(blob.subarray(0, cut)).ok).toBe(false)
    expect(ed25519Raw(Uint8Array.of(...blob, 0)).ok).toBe(false)
  })

  test('names its type or none, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => ['string', 'undefined'].includes(typeof blobType(bytes))))
    expect(blobType(Uint8Array.of(255, 255, 255, 255, 1))).toBeUndefined()
  })

  test('has a fingerprint of 43 characters', () => {
    expect(fingerprint(ed25519Blob(new Uint8Array(32)))).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
  })
})
