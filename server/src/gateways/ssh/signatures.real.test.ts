import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generateKey } from './test/folder.ts'
import { openDoor } from './test/open-door.ts'

const named = /server-sig-algs=<(.*)>/
/** More than a channel's window (2 MiB): not all of it can be on its way before the client has new keys, whoever is late. */
const much = 8_000_000

test('a client is told which signatures are taken, each by its name and no other', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run([...door.ssh.args(door.user, door.alice, ['-vv']), 'echo in'], [door.host.code()])
  expect(ran.stdout).toBe('in\n')
  const ecdsa = ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521']
  expect(named.exec(ran.stderr)?.[1]?.split(',')).toEqual(['ssh-ed25519', ...ecdsa, 'rsa-sha2-512', 'rsa-sha2-256'])
  expect(ran.stderr.split('server-sig-algs=')).toHaveLength(2)
})

test.each(['rsa-sha2-512', 'rsa-sha2-256'])('an RSA key comes in by %s alone, also where keys are exchanged again', async (algorithm) => {
  await using door = await openDoor()
  const key = generateKey(join(door.folder, 'rsa'), 'rsa')
  door.host.keys.set('alice', new Set([key.blob]))
  const options = ['-vv', '-o', `PubkeyAcceptedAlgorithms=${algorithm}`, '-o', 'RekeyLimit=64K']
  const ran = await door.ssh.run(
    [...door.ssh.args(door.user, key, options), `head -c ${much} /dev/zero | wc -c; head -c ${much} /dev/zero`],
    [door.host.code()],
  )
  expect(ran.status, ran.stderr).toBe(0)
  expect(ran.stdout.slice(0, 8)).toBe(`${much}\n`)
  expect(ran.stderr.split('SSH2_MSG_NEWKEYS received').length).toBeGreaterThan(2)
  expect(ran.stderr.split('server-sig-algs=')).toHaveLength(2)
})
