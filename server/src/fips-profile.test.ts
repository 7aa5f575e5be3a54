import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { newP256Identity, openP256File } from '../../cli/src/kits/p256.ts'
import { enterFipsProfile } from './fips-profile.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-fips-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const main = join(import.meta.dirname, 'main.ts')
const fips = join(import.meta.dirname, 'platform/crypto/fips.ts')

const { OPENSSL_MODULES } = process.env
const modules = OPENSSL_MODULES === undefined ? {} : { OPENSSL_MODULES }

/** With a configuration of OpenSSL that loads what is named, and nothing of this machine's. */
const node = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, args, { env: { PATH: '/usr/bin:/bin', OPENSSL_CONF: '/dev/null', ...modules, ...env }, encoding: 'utf8' })

describe('where OpenSSL has no FIPS provider', () => {
  test('the server does not start, touches nothing, and says what to do', () => {
    const data = join(folder, 'data')
    const { status, stderr } = node([main, 'supervisor'], { CLAVIGER_FIPS: 'yes', CLAVIGER_DATA: data })
    expect(status).toBe(1)
    expect(stderr).toContain('FIPS provider is not there, so nothing was started')
    expect(stderr).toContain('OPENSSL_CONF')
    expect(existsSync(data)).toBe(false)
  })

  test('a part that was told to be in the profile does not begin', () => {
    const { status, stderr } = node(['--force-fips', '--eval', 'process.stdout.write("began")'])
    expect(status).not.toBe(0)
    expect(stderr).toContain('fips')
  })
})

describe('what the profile rules out is refused by name, before anything else', () => {
  const none = { backup: { everyMs: undefined }, kits: { folder: null } } as never
  test.each([
    ['CLAVIGER_BACKUP_EVERY', { backup: { everyMs: 1 }, kits: { folder: null } } as never],
    ['CLAVIGER_KIT_FOLDER', { backup: { everyMs: undefined }, kits: { folder: '/somewhere' } } as never],
  ])('%s', (name, config) => expect(enterFipsProfile(config)).toMatchObject({ ok: false, error: expect.stringContaining(name) }))
  test('and nothing else is', () => expect(enterFipsProfile(none)).toMatchObject({ ok: false, error: expect.stringContaining('provider') }))
})

/** `CLAVIGER_TEST_FIPS`: a configuration of OpenSSL that loads a provider, as docs/security.md writes one, with OPENSSL_MODULES beside it. Machines without have only what stands above. */
const { CLAVIGER_TEST_FIPS: provider } = process.env
for (const conf of provider === undefined ? [] : [provider])
  describe('with a FIPS provider', () => {
    const inProfile = (script: string) => {
      const text = `const { enterFips, fipsArguments } = await import(${JSON.stringify(fips)}); const entered = enterFips(); ${script}`
      return node(['--input-type=module', '--eval', text], { OPENSSL_CONF: conf })
    }
    test('a process enters, and hands the profile on to what it starts', () => {
      const { stdout } = inProfile('console.log(JSON.stringify([entered.ok, fipsArguments()]))')
      expect(JSON.parse(stdout)).toEqual([true, ['--force-fips']])
    })

    test('passwords are verified by PBKDF2, and no key of age is taken or made', () => {
      const { stdout } = inProfile(`
        const { createPasswords } = await import(${JSON.stringify(join(import.meta.dirname, 'domains/identity/passwords.ts'))})
        const age = await import(${JSON.stringify(join(import.meta.dirname, 'platform/crypto/age.ts'))})
        const made = await age.newAgeKey().then(() => 'made', (error) => error.message)
        const key = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'
        console.log(JSON.stringify([await (await createPasswords()).verifierOf('a password'), made, age.isRecipient(key)]))`)
      expect(JSON.parse(stdout)).toEqual([
        expect.stringMatching(/^\$pbkdf2-sha256\$i=600000\$/),
        'age is not used in the FIPS profile',
        false,
      ])
    })

    test("shares go to custodians' P-256 keys", () => {
      const { identity, recipient } = newP256Identity()
      const { stdout } = inProfile(`
        const { custodianFile, encryptToCustodian } = await import(${JSON.stringify(join(import.meta.dirname, 'platform/crypto/custodian-key.ts'))})
        console.log(custodianFile(await encryptToCustodian(${JSON.stringify(recipient)}, Buffer.from('a share'))))`)
      expect(openP256File(identity, stdout)?.toString()).toBe('a share')
    })

    test('a backup is refused before anything is asked, and so is every file of age', () => {
      const { stdout } = inProfile(`
        const { beginBackup } = await import(${JSON.stringify(join(import.meta.dirname, 'domains/backup/begin-backup.ts'))})
        const age = await import(${JSON.stringify(join(import.meta.dirname, 'platform/crypto/age.ts'))})
        const opened = await age.decryptWith([], Buffer.alloc(0)).then(() => 'opened', (error) => error.message)
        console.log(JSON.stringify([await beginBackup({}, { recipients: ['age1'], recordings: false, by: null }), opened]))`)
      expect(JSON.parse(stdout)).toEqual([{ ok: false, error: { code: 'backup.not_in_fips' } }, 'age is not used in the FIPS profile'])
    })

    test('no part can leave it', () => {
      const script = 'try { require("node:crypto").setFips(false); console.log("left") } catch (error) { console.log(error.code) }'
      expect(node(['--force-fips', '--eval', script], { OPENSSL_CONF: conf }).stdout.trim()).toBe('ERR_CRYPTO_FIPS_FORCED')
    })
  })
