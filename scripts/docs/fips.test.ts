import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codes, readPage, root, tableOf } from './page.ts'

/*
 * "Only approved algorithms" is said of the whole server, so a new use of a cipher, a hash or a package with algorithms of its own has to be put into
 * docs/security.md, with what the FIPS profile does about it, before this passes.
 */
const sources = readdirSync(join(root, 'server/src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /(?<!\.test|\.fixture)\.ts$/.test(path) && !path.includes('/test/'))
  .map((path) => ({ path: join('server/src', path), text: readPage(join('server/src', path)) }))

const page = readPage('docs/security.md')
const sorted = (list: Iterable<string>) => [...new Set(list)].sort()

/** The profile's own file does what is not approved to see that it fails. */
const probe = 'server/src/platform/crypto/fips.ts'
const openssl = sources.filter(({ path, text }) => path !== probe && /from 'node:crypto'|\bcrypto\.subtle\b|webcrypto/.test(text))

/** What computes by itself, in JavaScript or in a native module. What types alone are taken from computes nothing. */
const withAlgorithms = ['@node-rs/argon2', 'age-encryption', 'shamir-secret-sharing', 'otpauth', 'ssh2']
const alike = /^(@noble\/|@scure\/|tweetnacl|sodium|libsodium|bcrypt|scrypt|node-forge|jose$|openpgp)/

describe('docs/security.md, FIPS profile', () => {
  test('names every source of the server that calls OpenSSL, and no other', () => {
    const named = tableOf(page, 'fips-openssl').flatMap(([, where]) => codes(where))
    expect(sorted(named)).toEqual(sorted(openssl.map(({ path }) => path)))
  })

  test('names every source that calls a package with algorithms of its own, and no other', () => {
    const rows = tableOf(page, 'fips-packages').map(([name, , where]) => ({ name: codes(name)[0] ?? '', where: sorted(codes(where)) }))
    const used = withAlgorithms.map((name) => ({
      name,
      where: sorted(sources.filter(({ text }) => new RegExp(`^import (?!type)[^']*from '${name}'`, 'm').test(text)).map((s) => s.path)),
    }))
    expect(rows).toEqual(used)
  })

  test('knows all such packages: the server depends on no other one of their like', () => {
    const { dependencies } = JSON.parse(readPage('server/package.json')) as { dependencies: Record<string, string> }
    expect(Object.keys(dependencies).filter((name) => alike.test(name))).toEqual([])
  })

  test('has no algorithm by name in the vault path but those on the list', () => {
    const path = /^server\/src\/(platform\/crypto|keeper)\//
    const names = sources.flatMap(({ path: at, text }) =>
      path.test(at) && at !== probe
        ? [...text.matchAll(/'(sha\d[\w-]*|md\d|aes-[\w-]+|chacha[\w-]*|ed25519|x25519|ec|P-\d+|rsa[\w-]*|des-[\w-]+|rc4)'/gi)].map(
            (m) => m[1] ?? '',
          )
        : [],
    )
    expect(sorted(names)).toEqual(['EC', 'P-256', 'aes-256-gcm', 'ec', 'ed25519', 'rsa', 'sha256'])
  })
})
