import { expect, test } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import type { Steps } from '../ssh/steps.ts'
import { type Door, openDoor } from '../ssh/test/open-door.ts'
import { knock } from '../ssh/test/raw-client.ts'

// SSH · key, or password, and then a link that is confirmed in the console · ssh; ssh2 where a client has to misbehave
const password = 'correct horse battery staple'
const opened = async (...accepted: Steps[]) => {
  const door = await openDoor({ accepted })
  door.host.passwords.set('alice', password)
  return door
}
const withKey = (door: Door) => [...door.ssh.args(door.user, door.alice), 'echo in']
const link = (door: Door) => until('a link', () => door.host.links[0])

test('ssh shows its key and then the link, and is in when it was confirmed', async () => {
  await using door = await opened('key+link')
  const running = door.ssh.run(withKey(door))
  ;(await link(door)).confirm()
  expect(await running).toMatchObject({ status: 0, stdout: 'in\n' })
  expect(door.host.links).toHaveLength(1)
})

test('without the key there is no link', async () => {
  await using door = await opened('key+link')
  const asks = { type: 'keyboard-interactive' as const, username: door.user, prompt: (() => expect.unreachable('it was asked')) as never }
  expect(await knock(door.gateway.port, door.user, [asks])).toMatchObject({ ready: false })
  expect(door.host.links).toEqual([])
})

test('the key alone does not suffice, nor with a link that was refused', async () => {
  await using door = await opened('key+link')
  const running = door.ssh.run(withKey(door))
  ;(await link(door)).refuse()
  expect(await running).toMatchObject({ status: 255, stdout: '' })
  expect(door.host.sessions).toEqual([])
})

test('ssh asks for the password, and then shows the link', async () => {
  await using door = await opened('password+link')
  const running = door.ssh.run([...door.ssh.args(door.user, undefined), 'echo in'], ['wrong', password])
  ;(await link(door)).confirm()
  expect(await running).toMatchObject({ status: 0, stdout: 'in\n' })
  expect(door.host.admittedBy).toEqual(['password+link'])
})

test('after a wrong password there is no link', async () => {
  await using door = await opened('password+link')
  expect(await door.ssh.run([...door.ssh.args(door.user, undefined), 'true'], ['wrong', 'wrong', 'wrong'])).toMatchObject({ status: 255 })
  expect(door.host.links).toEqual([])
})

test('who has a key is not asked for a password, where either does before a link', async () => {
  await using door = await opened('key+link', 'password+link')
  const running = door.ssh.run(withKey(door))
  ;(await link(door)).confirm()
  expect(await running).toMatchObject({ status: 0 })
})
