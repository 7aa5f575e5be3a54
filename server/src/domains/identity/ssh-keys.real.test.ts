import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSeed, signingKey } from '../../platform/crypto/ed25519.ts'
import { ed25519Blob, formatPublicKeyLine } from '../../protocols/ssh-keys/index.ts'
import { type House, must, openHouse, type Someone } from './test/house.ts'

let house: House
let alice: Someone
let bob: Someone
beforeAll(async () => {
  house = await openHouse()
  alice = await house.enrolled('alice', ['engineers'], enrolledKey)
  bob = await house.enrolled('bob', ['approvers'])
})
afterAll(() => house?.close())

const newKey = (comment = 'somebody@somewhere') =>
  formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(signingKey(newSeed()).publicKey), comment })
const enrolledKey = newKey()
const add = (by: Someone, publicKey: string, code = by.code()) => house.identity.addSshKey({ publicKey, label: 'desk', code, by: by.id })

describe('SSH keys', () => {
  test('can come with the enrolment', async () => {
    expect(await house.identity.sshKeys(alice.id)).toMatchObject([{ label: 'laptop', fingerprint: expect.stringMatching(/^SHA256:/) }])
    expect(await house.identity.sshKeys(bob.id)).toEqual([])
  })

  test('are added with a fresh code, without their comment', async () => {
    const line = newKey('her-name@her-laptop')
    const key = must(await add(alice, line))
    expect(await house.sql('select public_key, algorithm, state from ssh_key where id = $1', [key.id])).toEqual([
      { public_key: line.split(' ').slice(0, 2).join(' '), algorithm: 'ssh-ed25519', state: 'active' },
    ])
    expect((await house.entries()).at(-1)).toMatchObject({ act: 'identity.ssh_key_added', by: alice.id, attests: [{ kind: 'ssh_key' }] })
    expect(must(await house.keeper.ask('vouch', { rows: [{ kind: 'ssh_key', id: key.id }] })).rows).toMatchObject([{ person_id: alice.id }])
  })

  test.each([
    ['a wrong one', () => '000000', 'factor.code_wrong'],
    ['one of somebody else', () => bob.code(), 'factor.code_wrong'],
  ])('are not added with %s for a code', async (_what, code, refused) => {
    const line = newKey()
    expect(await add(alice, line, code())).toMatchObject({ ok: false, error: { code: refused } })
    expect(await house.sql('select * from ssh_key where public_key = $1', [line.split(' ').slice(0, 2).join(' ')])).toEqual([])
    await house.signedIn(alice)
  })

  test('belong to one person, and no code is spent to learn that', async () => {
    const code = bob.code()
    expect(await add(bob, enrolledKey, code)).toMatchObject({ ok: false, error: { code: 'identity.ssh_key_taken' } })
    must(await add(bob, newKey(), code))
  })

  test.each([
    ['nothing', ''],
    ['no key', 'hello world, this is not a key'],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['options before the key', `command="/bin/sh" ${enrolledKey}`],
    ['two lines', `${enrolledKey}\n${enrolledKey}`],
    ['another type than its blob', enrolledKey.replace('ssh-ed25519', 'ssh-rsa')],
  ])('are refused when they are %s', async (_what, line) => {
    const refused = await add(alice, line, '000000')
    expect(refused).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^identity\.ssh_key_/) } })
  })

  test('are removed by their owner alone', async () => {
    const key = must(await add(alice, newKey()))
    const { presence } = await house.signedIn(alice)
    const bobs = await house.signedIn(bob)
    const remove = (by: Someone, word: string) => house.identity.removeSshKey({ id: key.id, by: by.id, presence: word })
    expect(await remove(bob, bobs.presence)).toMatchObject({ ok: false, error: { code: 'identity.ssh_key_unknown' } })
    expect(await remove(alice, bobs.presence)).toMatchObject({ ok: false, error: { code: 'keeper.not_authorised' } })
    must(await remove(alice, presence))
    expect(await remove(alice, presence)).toMatchObject({ ok: false, error: { code: 'identity.ssh_key_unknown' } })
    expect((await house.identity.sshKeys(alice.id)).map((k) => k.id)).not.toContain(key.id)
  })
})

describe('a key at the door', () => {
  const blobOf = (line: string) => Buffer.from(line.split(' ')[1] ?? '', 'base64')
  const recognise = (name: string, line: string) => house.identity.recogniseSshKey({ name, publicKey: blobOf(line) })

  test('is recognised for the person whose it is', async () => {
    expect(must(await recognise('alice', enrolledKey))).toMatchObject({ person: { id: alice.id, groups: ['engineers'] } })
  })

  test.each([
    ['the key of somebody else', 'bob', () => enrolledKey],
    ['a key of nobody', 'alice', () => newKey()],
    ['an unknown person', 'nobody', () => enrolledKey],
    ['no key at all', 'alice', () => 'x AAAA'],
  ])('is not recognised when it is %s', async (_what, name, line) => {
    expect(await recognise(name, line())).toEqual({ ok: false, error: { code: 'identity.ssh_key_unknown' } })
  })

  test('is not recognised any more once it was removed', async () => {
    const line = newKey()
    const key = must(await add(alice, line))
    must(await recognise('alice', line))
    const { presence } = await house.signedIn(alice)
    must(await house.identity.removeSshKey({ id: key.id, by: alice.id, presence }))
    expect(await recognise('alice', line)).toMatchObject({ ok: false, error: { code: 'identity.ssh_key_unknown' } })
  })
})

describe('certificates', () => {
  test('are given to whoever signed in, and ssh-keygen reads them', async () => {
    const { presence } = await house.signedIn(alice)
    const { certificate, validUntil } = must(await house.identity.issueCertificate({ publicKey: newKey(), presence, by: alice.id }))
    expect(new Date(validUntil).getTime()).toBeGreaterThan(house.clock.now().getTime())
    const folder = mkdtempSync(join(tmpdir(), 'claviger-cert-'))
    const file = join(folder, 'id-cert.pub')
    writeFileSync(file, `${certificate}\n`)
    const shown = execFileSync('ssh-keygen', ['-L', '-f', file], { encoding: 'utf8' })
    expect(readFileSync(file, 'utf8')).toContain('ssh-ed25519-cert-v01@openssh.com')
    rmSync(folder, { recursive: true })
    expect(shown).toContain('alice')
    expect(shown).toContain(alice.id)
    expect((await house.entries()).at(-1)).toMatchObject({ act: 'identity.certificate_issued', by: alice.id })
  })

  test('are not given for a word that the keeper did not give', async () => {
    const refused = await house.identity.issueCertificate({ publicKey: newKey(), presence: 'per_x.1.2.3.4.5', by: alice.id })
    expect(refused).toMatchObject({ ok: false, error: { code: 'presence.invalid' } })
  })
})
