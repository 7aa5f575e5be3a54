import type { AnyAuthMethod } from 'ssh2'
import { expect, test } from 'vitest'
import { sftp } from '../ssh/test/file-clients.ts'
import { type Door, openDoor } from '../ssh/test/open-door.ts'
import { knock } from '../ssh/test/raw-client.ts'
import type { Ran } from '../ssh/test/ssh-client.ts'

// SSH · password and code · ssh, sftp; ssh2 where a client has to misbehave
const password = 'correct horse battery staple'
const opened = async () => {
  const door = await openDoor({ accepted: ['password+code'] })
  door.host.passwords.set('alice', password)
  return door
}
const withoutKey = (door: Door, options: readonly string[] = [], user = door.user) => [
  ...door.ssh.args(user, undefined, ['-o', 'NumberOfPasswordPrompts=3', ...options]),
  'echo in',
]
const says = (username: string, asked: string[], answers: string[]): AnyAuthMethod => ({
  type: 'keyboard-interactive',
  username,
  prompt: ((...args: unknown[]) => {
    asked.push(...(args[3] as { prompt: string }[]).map(({ prompt }) => prompt))
    ;(args[4] as (typed: string[]) => void)([answers.shift() ?? ''])
  }) as never,
})
/** What a client is told, without what names the connection. */
const told = ({ status, stdout, stderr }: Ran) => ({ status, stdout, stderr: stderr.replaceAll(/\b(alice|nobody)\b/g, 'X') })

test('ssh is asked for the password, then for the code, and is in', async () => {
  await using door = await opened()
  expect(await door.ssh.run(withoutKey(door), [password, door.host.code()])).toMatchObject({ status: 0, stdout: 'in\n' })
  expect(door.host.admittedBy).toEqual(['password'])
})

test('sftp comes in the same way', async () => {
  await using door = await opened()
  expect(await sftp(door, ['pwd'], [], [password, door.host.code()])).toMatchObject({ status: 0 })
})

test("SSH's own method of a password is the first half; the code is asked for after it", async () => {
  await using door = await opened()
  const options = ['-o', 'PreferredAuthentications=password,keyboard-interactive']
  expect(await door.ssh.run(withoutKey(door, options), [password, door.host.code()])).toMatchObject({ status: 0, stdout: 'in\n' })
})

test('the password alone does not suffice, by neither method', async () => {
  await using door = await opened()
  const alone = await door.ssh.run(withoutKey(door, ['-o', 'PreferredAuthentications=password']), [password])
  expect(alone).toMatchObject({ status: 255, stdout: '' })
  const asked: string[] = []
  expect((await knock(door.gateway.port, door.user, [says(door.user, asked, [password])])).ready).toBe(false)
  expect(asked.slice(0, 2)).toEqual(['Password: ', 'Code: '])
  expect(door.host.sessions).toEqual([])
})

test('a wrong password is answered with its reason and asked for again; no code is asked for before it is right', async () => {
  await using door = await opened()
  const asked: string[] = []
  const answers = ['wrong', 'wrong too', password, door.host.code()]
  expect((await knock(door.gateway.port, door.user, [says(door.user, asked, answers)])).ready).toBe(true)
  expect(asked).toEqual(['Password: ', 'Password: ', 'Password: ', 'Code: '])
  const ran = await door.ssh.run(withoutKey(door), ['wrong', password, door.host.code()])
  expect(ran).toMatchObject({ status: 0, stdout: 'in\n' })
  expect(ran.stderr).toContain('Name or password is not right')
})

test('nobody can tell from the door whether a person exists', async () => {
  await using door = await opened()
  const wrong = ['wrong', 'wrong', 'wrong']
  const known = await door.ssh.run(withoutKey(door), [...wrong])
  const unknown = await door.ssh.run(withoutKey(door, [], door.user.replace('alice', 'nobody')), [...wrong])
  expect(told(unknown)).toEqual(told(known))
  expect(known.stderr).toContain('Name or password is not right')
})

test('a lock is said and closes the connection, also to who has the right password', async () => {
  await using door = await opened()
  for (let i = 0; i < 2; i++) await door.ssh.run(withoutKey(door), ['wrong', 'wrong', 'wrong'])
  const ran = await door.ssh.run(withoutKey(door), [password, door.host.code()])
  expect(ran.status).toBe(255)
  expect(ran.stderr).toContain('[claviger] Too many wrong tries.')
})

test('six refusals end a connection, however they are spread over the methods', async () => {
  await using door = await opened()
  const asked: string[] = []
  const typed = { type: 'password' as const, username: door.user, password: '' }
  const methods = [typed, typed, says(door.user, asked, []), ...Array(10).fill(typed)]
  expect((await knock(door.gateway.port, door.user, methods)).banners.join('')).toContain('Too many attempts on this connection.')
  expect(asked).toHaveLength(3)
})

test.each([
  ['nothing', ''],
  ['more than any password', 'x'.repeat(257)],
  ['a whole packet', 'x'.repeat(30_000)],
])('%s is no password: nobody is asked about it', async (_what, typed) => {
  await using door = await opened()
  const answer = await knock(door.gateway.port, door.user, [
    { type: 'password', username: door.user, password: typed },
    says(door.user, [], [typed, typed, typed]),
  ])
  expect(answer.ready).toBe(false)
  expect(door.host.refusalsSeen).toEqual([])
  expect(door.errors).toEqual([])
})

test('a key is not looked at where it lets nobody in, and the person is told what does', async () => {
  await using door = await opened()
  const looked: string[] = []
  door.host.recogniseKey = async (attempt) => {
    looked.push(attempt.person)
    throw new Error('a key was looked at')
  }
  const answer = await knock(door.gateway.port, door.user, [{ type: 'publickey', username: door.user, key: door.alice.pem }])
  expect(answer).toMatchObject({
    ready: false,
    banners: expect.arrayContaining([expect.stringContaining('Sign in with your password and a code.')]),
  })
  expect(looked).toEqual([])
})

test('beside keys, who has none is asked for the password, and who has one only for the code', async () => {
  await using door = await openDoor({ accepted: ['key+code', 'password+code'] })
  door.host.passwords.set('alice', password)
  expect(await door.ssh.run(withoutKey(door), [password, door.host.code()])).toMatchObject({ status: 0 })
  expect(await door.ssh.run([...door.ssh.args(door.user, door.alice), 'true'], [door.host.code()])).toMatchObject({ status: 0 })
  expect(door.host.admittedBy).toEqual(['password', 'key'])
})

test('when the rest of the server cannot be asked, nobody comes in, and nothing that was typed is told or logged', async () => {
  await using door = await opened()
  door.host.recognisePassword = async (_attempt, typed) => {
    throw new Error(`database away while comparing ${typed.length} characters`)
  }
  const ran = await door.ssh.run(withoutKey(door), [password, door.host.code()])
  expect(ran.status).toBe(255)
  expect(ran.stderr).toContain('Claviger cannot check who you are right now.')
  expect(JSON.stringify([ran, door.errors, door.host.refusedSeen, door.host.malformedSeen])).not.toContain(password)
})
