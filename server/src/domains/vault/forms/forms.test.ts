import { credentialKind } from '@claviger/api'
import { describe, expect, test } from 'vitest'
import { credentialKinds } from '../../../kernel/credential-kinds.ts'
import { certified } from '../../../platform/tls/certified.fixture.ts'
import { forms } from './forms.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const read = (kind: keyof typeof forms, text: string | Uint8Array, name?: string) =>
  forms[kind].read(typeof text === 'string' ? bytes(text) : text, name)

test('every kind has a form under its own name, in the API too', () => {
  expect(Object.keys(forms)).toEqual([...credentialKinds])
  expect(Object.entries(forms).map(([name, form]) => [name, form.kind])).toEqual(credentialKinds.map((kind) => [kind, kind]))
  expect(credentialKind.options).toEqual([...credentialKinds])
})

describe('a JSON document', () => {
  test('is kept byte for byte, with its size and how many fields it has', () => {
    const text = ' { "a": 1, "b": [1, 2], "c": "}]" }\n'
    expect(read('json', text)).toEqual({ ok: true, value: { secret: bytes(text), about: { size: text.length, fields: 3 } } })
  })
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  test.each([
    ['is no JSON', '{a:1}', 'no JSON'],
    ['is one value', '"secret"', 'object or a list'],
    ['is nothing', 'null', 'object or a list'],
    ['is deeper than 32 levels', nested(33), '32 levels'],
    ['is a mebibyte of opening brackets', '['.repeat(1 << 20), '32 levels'],
    ['is small and becomes large: half a million lists', `[${'[],'.repeat(300_000)}[]]`, '20000 values'],
    ['is a long list of zeros', `[${'0,'.repeat(500_000)}0]`, '20000 values'],
  ])('is refused when it %s', (_what, text, why) => {
    expect(read('json', text)).toEqual({ ok: false, error: expect.stringContaining(why) })
  })
  test('is not refused for brackets inside its texts, and says nothing of what it holds', () => {
    expect(read('json', JSON.stringify({ a: '['.repeat(1000), b: '\\"[[[[' })).ok).toBe(true)
    const refused = read('json', '{"password": hunter2}')
    expect(JSON.stringify(refused)).not.toContain('hunter2')
    expect(read('json', Uint8Array.of(0x7b, 0xff, 0x7d))).toMatchObject({ ok: false })
  })
  test('of 32 levels is taken', () => expect(read('json', nested(32)).ok).toBe(true))
})

describe('a file', () => {
  test('keeps any bytes and its name', () => {
    const some = Uint8Array.from({ length: 256 }, (_, i) => i)
    expect(read('file', some, 'key ring.p12')).toEqual({ ok: true, value: { secret: some, about: { name: 'key ring.p12', size: 256 } } })
  })
  test.each(['../etc/passwd', '/etc/passwd', 'a\\b', 'C:evil', '.', '..', 'a\0b', 'a\nb', ' a', 'gpj.\u202egpg', '', 'x'.repeat(256)])(
    'is refused under the name %j',
    (name) => expect(read('file', 'x', name)).toEqual({ ok: false, error: expect.stringContaining('name') }),
  )
})

describe('an API key', () => {
  test('is an id that is shown and a secret without the line break of its file', () => {
    expect(read('api-key', 'wJalrXUtnFEMI/K7MDENG\n', 'AKIAEXAMPLE')).toEqual({
      ok: true,
      value: { secret: bytes('wJalrXUtnFEMI/K7MDENG'), about: { id: 'AKIAEXAMPLE' } },
    })
  })
  test.each([
    ['without an id', 'wJalrXUtnFEMI', undefined],
    ['with an id of two words', 'wJalrXUtnFEMI', 'a b'],
    ['whose id is its secret', 'wJalrXUtnFEMI', 'wJalrXUtnFEMI'],
    ['that is too short', 'short', 'AKIA'],
    ['of several lines', 'wJalrXUtnFEMI\nmore', 'AKIA'],
  ])('is refused %s', (_what, secret, id) => expect(read('api-key', secret, id)).toMatchObject({ ok: false }))
})

describe('a password and an SSH key', () => {
  test('come without a name, a password as one line', () => {
    expect(read('password', 'hunter2\r\n')).toEqual({ ok: true, value: { secret: bytes('hunter2'), about: {} } })
    expect(read('password', 'two\nlines')).toMatchObject({ ok: false })
    expect(read('password', 'hunter2', 'x')).toMatchObject({ ok: false })
    expect(read('ssh-key', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n')).toMatchObject({ ok: false })
  })
})

describe('a TLS certificate', () => {
  const { authority, certificate, key, fingerprint } = certified('shop.example.com')
  const other = certified('other.example.com')
  test('is kept with its chain and its key in the order that servers want, whatever the order in which they came', () => {
    for (const pieces of [
      [key, certificate, authority],
      [authority, key, certificate],
      ['a comment', certificate, authority, key],
    ]) {
      const kept = read('tls', pieces.join('\n'))
      expect(kept).toMatchObject({ ok: true, value: { about: { fingerprint, chain: 2, bits: 128 } } })
      if (!kept.ok) return
      const text = new TextDecoder().decode(kept.value.secret)
      expect(text.split('\n').filter((line) => line.startsWith('-----BEGIN'))).toHaveLength(3)
      expect(text.indexOf(certificate.trim())).toBe(0)
      expect(text.indexOf(authority.trim())).toBeGreaterThan(0)
      expect(text.indexOf(key.trim())).toBeGreaterThan(text.indexOf(authority.trim()))
      expect(JSON.stringify(kept.value.about)).not.toContain('PRIVATE')
    }
  })
  test.each([
    ['has no key', [certificate], 'no private key'],
    ['has no certificate', [key], 'no certificate'],
    ['has two keys', [certificate, key, other.key], 'more than one'],
    ['has the key of another', [certificate, other.key], 'belongs to none'],
    ['has a certificate that is not of its chain', [certificate, other.certificate, key], 'not one chain'],
    ['has one that cannot be read', ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', key], 'cannot be read'],
    ['has a key that cannot be read', [certificate, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'], 'cannot be read'],
    ['has too many', [...Array.from({ length: 11 }, () => certificate), key], '10 certificates'],
    [
      'has a key with a passphrase',
      [certificate, '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----'],
      'passphrase',
    ],
  ])('is refused when it %s', (_what, pieces, why) => {
    expect(read('tls', pieces.join('\n'))).toEqual({ ok: false, error: expect.stringContaining(why) })
  })
})
