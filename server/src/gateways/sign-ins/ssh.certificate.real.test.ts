import { execFileSync } from 'node:child_process'
import { createPublicKey, verify } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import { parseUserCertificate } from '../../protocols/ssh-keys/index.ts'
import { generateKey } from '../ssh/test/folder.ts'
import { type Door, openDoor } from '../ssh/test/open-door.ts'

// SSH · certificate of `claviger login` · ssh
const command = (door: Door, options: readonly string[] = [], key = door.alice) => [...door.ssh.args(door.user, key, options), 'echo in']

test('a certificate issued after the second factor lets in without a code; its host gets what it needs to check it', async () => {
  await using door = await openDoor()
  const authority = generateKey(join(door.folder, 'authority'))
  const key = generateKey(join(door.folder, 'short'))
  execFileSync('ssh-keygen', ['-q', '-s', authority.path, '-I', 'alice', '-n', 'alice', '-V', '+5m', `${key.path}.pub`], {
    stdio: 'ignore',
  })
  door.host.certificates = async (attempt, certificate, signed, signature) => {
    const read = parseUserCertificate(certificate)
    if (!read.ok) return fail({ code: 'test', say: 'no certificate' })
    const subject = createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(read.value.publicKey).toString('base64url') },
    })
    if (!verify(null, signed, subject, signature)) return fail({ code: 'test', say: 'not possessed' })
    if (Buffer.from(read.value.authority).toString('base64') !== authority.blob) return fail({ code: 'test', say: 'foreign authority' })
    return ok({ person: 'per_aaaaaaaaaa' as PersonId, attempt, admitted: true, presence: 'p' })
  }
  expect(await door.ssh.run(command(door, ['-o', 'BatchMode=yes'], key))).toMatchObject({ status: 0, stdout: 'in\n' })
})

test('a certificate that its host refuses gets nowhere', async () => {
  await using door = await openDoor()
  const authority = generateKey(join(door.folder, 'authority'))
  const key = generateKey(join(door.folder, 'short'))
  execFileSync('ssh-keygen', ['-q', '-s', authority.path, '-I', 'alice', '-n', 'alice', `${key.path}.pub`], { stdio: 'ignore' })
  const ran = await door.ssh.run(command(door, [], key), [door.host.code()])
  expect(ran.status).toBe(255)
  expect(ran.stderr).toContain('No certificate is known here.')
})

test('where certificates are not accepted, none is looked at', async () => {
  await using door = await openDoor({ accepted: ['key+code'] })
  door.host.certificates = async () => expect.unreachable('a certificate was looked at')
  const authority = generateKey(join(door.folder, 'authority'))
  const key = generateKey(join(door.folder, 'short'))
  execFileSync('ssh-keygen', ['-q', '-s', authority.path, '-I', 'alice', '-n', 'alice', `${key.path}.pub`], { stdio: 'ignore' })
  const ran = await door.ssh.run(command(door, ['-o', 'BatchMode=yes'], key))
  expect(ran.status).toBe(255)
  expect(ran.stderr).toContain('Sign in with your registered SSH key and a code.')
})
