import { expect, test } from 'vitest'
import type { PersonId } from '../../kernel/id.ts'
import { ok } from '../../kernel/result.ts'
import { type Door, openDoor } from '../ssh/test/open-door.ts'
import { knock } from '../ssh/test/raw-client.ts'

// SSH · key, password and code · ssh; ssh2 where a client has to misbehave
const password = 'correct horse battery staple'
const opened = async () => {
  const door = await openDoor({ accepted: ['key+password+code'] })
  door.host.passwords.set('alice', password)
  return door
}
const command = (door: Door, options: readonly string[] = []) => [...door.ssh.args(door.user, door.alice, options), 'echo in']

test('ssh shows its key, is asked for password and code, and is in', async () => {
  await using door = await opened()
  expect(await door.ssh.run(command(door), [password, door.host.code()])).toMatchObject({ status: 0, stdout: 'in\n' })
  expect(door.host.admittedBy).toEqual(['key+password'])
})

test("with SSH's own method of a password too", async () => {
  await using door = await opened()
  const options = ['-o', 'PreferredAuthentications=publickey,password,keyboard-interactive']
  expect(await door.ssh.run(command(door, options), [password, door.host.code()])).toMatchObject({ status: 0, stdout: 'in\n' })
})

test.each([
  ['the key and a code', () => []],
  ['the key and the password', () => [password]],
  ['the key and a wrong password', (door: Door) => ['wrong', door.host.code()]],
])('%s do not suffice', async (_what, typed) => {
  await using door = await opened()
  const answers = typed(door)
  const ran = await door.ssh.run(command(door), answers.length > 0 ? answers : [door.host.code()])
  expect(ran).toMatchObject({ status: 255, stdout: '' })
  expect(door.host.sessions).toEqual([])
})

test('without the key no password is asked for or looked at', async () => {
  await using door = await opened()
  const answer = await knock(door.gateway.port, door.user, [
    { type: 'password', username: door.user, password },
    { type: 'keyboard-interactive', username: door.user, prompt: (() => expect.unreachable('a question was asked')) as never },
  ])
  expect(answer.ready).toBe(false)
  expect(door.host.refusalsSeen).toEqual([])
})

test("one person's key and another one's password are nobody", async () => {
  await using door = await opened()
  door.host.recognisePassword = async (attempt) =>
    ok({ person: 'per_bbbbbbbbbb' as PersonId, attempt, admitted: false, shown: ['password'] })
  const ran = await door.ssh.run(command(door), [password, door.host.code()])
  expect(ran).toMatchObject({ status: 255, stdout: '' })
  expect(door.host.sessions).toEqual([])
})
