import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2, { type ParsedKey } from 'ssh2'
import { expect, test } from 'vitest'
import { openWithFolders, remote, scp, sftp } from '../ssh/test/file-clients.ts'
import { generateKey } from '../ssh/test/folder.ts'
import { type Door, openDoor } from '../ssh/test/open-door.ts'
import { knock } from '../ssh/test/raw-client.ts'

// SSH · key and code · ssh, sftp, scp; ssh2 where a client has to misbehave
const command = (door: Door, options: readonly string[] = [], key = door.alice) => [...door.ssh.args(door.user, key, options), 'echo in']
const parsed = (pem: string) => ssh2.utils.parseKey(pem) as ParsedKey

test('key and code let a person in', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run(command(door), [door.host.code()])
  expect(ran).toMatchObject({ status: 0, stdout: 'in\n' })
  expect(ran.stderr).toContain('Claviger SSH gateway.')
})

test('sftp and scp come in the same way', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  writeFileSync(join(here, 'note'), 'hello')
  expect(await sftp(door, [`put ${join(here, 'note')} ${there}/by-sftp`])).toMatchObject({ status: 0 })
  expect(await scp(door, join(here, 'note'), remote(`${there}/by-scp`))).toMatchObject({ status: 0 })
  expect(await scp(door, join(here, 'note'), remote(`${there}/by-rcp`), ['-O'])).toMatchObject({ status: 0 })
  for (const name of ['by-sftp', 'by-scp', 'by-rcp']) expect(readFileSync(join(there, name), 'utf8')).toBe('hello')
})

test.each(['ecdsa', 'rsa'])('an %s key is as good', async (type) => {
  await using door = await openDoor()
  const key = generateKey(join(door.folder, type), type)
  door.host.keys.get('alice')?.add(key.blob)
  expect(await door.ssh.run(command(door, [], key), [door.host.code()])).toMatchObject({ status: 0, stdout: 'in\n' })
})

test('a key that is not registered gets nowhere, and the person is told', async () => {
  await using door = await openDoor()
  const key = generateKey(join(door.folder, 'other'))
  const ran = await door.ssh.run(command(door, [], key), [door.host.code()])
  expect(ran).toMatchObject({ status: 255, stdout: '' })
  expect(ran.stderr).toContain('[claviger] This key is not registered for alice.')
  expect(door.host.refusalsSeen).toEqual(['identity.key_unknown'])
  expect(door.host.sessions).toEqual([])
})

test('a wrong code is answered by how many tries are left, and the right one after it lets in', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run(command(door), ['000000', door.host.code()])
  expect(ran).toMatchObject({ status: 0, stdout: 'in\n' })
  expect(ran.stderr).toContain('Wrong code. 4 tries left.')
})

test('a code is good once', async () => {
  await using door = await openDoor()
  const code = door.host.code()
  expect(await door.ssh.run(command(door), [code])).toMatchObject({ status: 0 })
  const again = await door.ssh.run(command(door), [code, code, code, code, code, code])
  expect(again).toMatchObject({ status: 255, stdout: '' })
  expect(door.host.sessions).toHaveLength(1)
})

test('wrong codes lock, and the lock closes the connection with its sentence', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run(command(door), Array(12).fill('000000'))
  expect(ran.status).toBe(255)
  expect(ran.stderr).toContain('Wrong code. 0 tries left.')
  const locked = await door.ssh.run(command(door), [door.host.code()])
  expect(locked.status).toBe(255)
  expect(locked.stderr).toContain('[claviger] Locked for 30 minutes.')
  expect(door.host.sessions).toEqual([])
})

test('the key alone does not suffice', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run(command(door, ['-o', 'BatchMode=yes']), [])
  expect(ran).toMatchObject({ status: 255, stdout: '' })
  expect(door.host.sessions).toEqual([])
})

test('a code without a key does not suffice', async () => {
  await using door = await openDoor()
  let asked = 0
  const prompt = (...args: unknown[]) => {
    asked += 1
    ;(args[4] as (answers: string[]) => void)([door.host.code()])
  }
  const answer = await knock(door.gateway.port, door.user, [{ type: 'keyboard-interactive', username: door.user, prompt: prompt as never }])
  expect({ ready: answer.ready, asked }).toEqual({ ready: false, asked: 0 })
})

test('a registered key without its private half gets nowhere', async () => {
  await using door = await openDoor()
  const stolen = parsed(door.alice.pem)
  const other = parsed(generateKey(join(door.folder, 'other')).pem)
  stolen.sign = (data) => other.sign(data)
  const answer = await knock(door.gateway.port, door.user, [
    { type: 'publickey', username: door.user, key: stolen },
    {
      type: 'keyboard-interactive',
      username: door.user,
      prompt: ((...a: unknown[]) => (a[4] as (x: string[]) => void)([door.host.code()])) as never,
    },
  ])
  expect(answer.ready).toBe(false)
  expect(door.host.refusedSeen).toEqual(['a signature that does not fit the key'])
})

test('a signature made for another connection is of no use', async () => {
  await using door = await openDoor()
  const mine = parsed(door.alice.pem)
  const sign = mine.sign.bind(mine)
  let kept: Buffer | undefined
  // the first connection tells its signature, the second one sends it again
  mine.sign = (data) => (kept ??= sign(data) as Buffer)
  await knock(door.gateway.port, door.user, [{ type: 'publickey', username: door.user, key: mine }])
  await knock(door.gateway.port, door.user, [{ type: 'publickey', username: door.user, key: mine }])
  expect(door.host.refusedSeen).toEqual(['a signature that does not fit the key'])
})

test('passwords are refused with a sentence, and reported', async () => {
  await using door = await openDoor()
  const answer = await knock(door.gateway.port, door.user, [
    { type: 'none', username: door.user },
    { type: 'password', username: door.user, password: 'secret' },
  ])
  expect(answer.ready).toBe(false)
  expect(answer.banners.join('')).toContain('Passwords are not accepted here.')
  expect(door.host.refusedSeen).toEqual(['sign-in by password'])
})

test('six refusals end a connection', async () => {
  await using door = await openDoor()
  const methods = Array.from({ length: 20 }, () => ({ type: 'password' as const, username: door.user, password: 'x' }))
  const answer = await knock(door.gateway.port, door.user, methods)
  expect(answer.banners.join('')).toContain('Too many attempts on this connection.')
  expect(door.host.refusedSeen).toHaveLength(6)
})

test('a name cannot be changed in the middle of a sign-in', async () => {
  await using door = await openDoor()
  const key = parsed(door.alice.pem)
  const answer = await knock(door.gateway.port, door.user, [
    { type: 'publickey', username: door.user, key },
    { type: 'none', username: 'bob@root@web01' },
  ])
  expect(answer.ready).toBe(false)
})

test('when the rest of the server cannot be asked, nobody comes in, and no stack trace goes out', async () => {
  await using door = await openDoor()
  door.host.recogniseKey = async () => {
    throw new Error('keeper socket: connection refused at /run/keeper.sock')
  }
  const ran = await door.ssh.run(command(door), [door.host.code()])
  expect(ran.status).toBe(255)
  expect(ran.stderr).toContain('Claviger cannot check who you are right now.')
  expect(ran.stderr).not.toContain('keeper.sock')
})
