import { setTimeout as delay } from 'node:timers/promises'
import ssh2, { type AnyAuthMethod } from 'ssh2'
import { expect, test } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import { sftp } from '../ssh/test/file-clients.ts'
import { type Door, openDoor } from '../ssh/test/open-door.ts'
import { knock } from '../ssh/test/raw-client.ts'
import { finish } from '../ssh/test/ssh-client.ts'

// SSH · a link that is confirmed in the console, alone · ssh, sftp; ssh2 where a client has to misbehave
const opened = (options: Parameters<typeof openDoor>[0] = {}) => openDoor({ accepted: ['link'], ...options })
const command = (door: Door, options: readonly string[] = [], user = door.user) => [...door.ssh.args(user, undefined, options), 'echo in']
const link = (door: Door, n = 0) => until('a link', () => door.host.links[n])
const asks = (username: string, answer: () => void = () => expect.unreachable('something was asked')): AnyAuthMethod => ({
  type: 'keyboard-interactive',
  username,
  prompt: ((...args: unknown[]) => {
    answer()
    ;(args[4] as (typed: string[]) => void)([''])
  }) as never,
})

test('ssh shows the link and its number, is asked for nothing, waits, and is in when it was confirmed', async () => {
  await using door = await opened()
  const running = door.ssh.run(command(door))
  const shown = await link(door)
  expect(shown).toMatchObject({
    attempt: { person: 'alice', target: 'web01', from: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
    shown: [],
  })
  expect(shown.client).toMatch(/^OpenSSH_/)
  expect(door.host.sessions).toEqual([])
  shown.confirm()
  const ran = await running
  expect(ran).toMatchObject({ status: 0, stdout: 'in\n' })
  expect(ran.stderr).toContain(`[claviger] Open http://localhost:8200/link/${shown.code} in a browser where you are signed in,`)
  expect(ran.stderr).toContain(`type the number ${shown.number} there. This waits 2 minutes, and goes on by itself.`)
  expect(door.host.admittedBy).toEqual(['link'])
})

test('sftp comes in the same way', async () => {
  await using door = await opened()
  const running = sftp(door, ['pwd'], [], [])
  ;(await link(door)).confirm()
  expect(await running).toMatchObject({ status: 0 })
})

test('one that was refused closes the connection with its sentence', async () => {
  await using door = await opened()
  const running = door.ssh.run(command(door))
  ;(await link(door)).refuse()
  const ran = await running
  expect(ran).toMatchObject({ status: 255, stdout: '' })
  expect(ran.stderr).toContain('This sign-in was refused in the console.')
  expect(door.host.sessions).toEqual([])
})

test('a client that leaves is waited for no longer', async () => {
  await using door = await opened()
  const client = door.ssh.start(command(door))
  const ended = finish(client)
  const shown = await link(door)
  client.kill()
  await ended
  await until('that nobody waits', () => shown.gone)
  shown.confirm()
  expect(door.host.sessions).toEqual([])
})

test('nobody can tell from the door whether a person exists', async () => {
  await using door = await opened()
  const told: string[] = []
  for (const user of [door.user, door.user.replace('alice', 'nobody')]) {
    const answer = knock(door.gateway.port, user, [asks(user)])
    ;(await link(door, told.length)).refuse()
    told.push((await answer).banners.join('').replace(/AAAA-\d+|number \d+/g, 'X'))
  }
  expect(told[0]).toContain('http://localhost:8200/link/X')
  expect(told[1]).toBe(told[0])
})

test('a client that begins anew while it waits has given up, and gets no second link on its connection', async () => {
  await using door = await opened({ accepted: ['key+code', 'key+link'] })
  const client = new ssh2.Client()
  const said: string[] = []
  const closed = new Promise<void>((resolve) => void (client as NodeJS.EventEmitter).once('close', () => resolve()))
  client.on('error', () => {})
  client.on('banner', (text) => void said.push(text))
  const authHandler = [{ type: 'publickey' as const, username: door.user, key: door.alice.pem }, asks(door.user, () => {})]
  client.connect({ host: '127.0.0.1', port: door.gateway.port, username: door.user, authHandler })
  const shown = await link(door)
  ;(client as unknown as { _protocol: { authKeyboard(user: string): void } })._protocol.authKeyboard(door.user)
  await closed
  expect(said.join('')).toContain('This connection had its link already.')
  expect([door.host.links.length, shown.gone]).toEqual([1, true])
  shown.confirm()
  expect(door.host.sessions).toEqual([])
})

test('it gives a connection more time than signing in has otherwise', async () => {
  await using door = await opened({ limits: { graceMs: 6_000 } })
  const running = door.ssh.run(command(door))
  const shown = await link(door)
  await delay(6_500)
  shown.confirm()
  expect(await running).toMatchObject({ status: 0, stdout: 'in\n' })
})

test('and not without end', async () => {
  await using door = await opened({ limits: { linkMs: 300 } })
  expect(await door.ssh.run(command(door))).toMatchObject({ status: 255, stdout: '' })
  await until('that nobody waits', () => door.host.links[0]?.gone)
})

test('where a code lets in as well, nothing typed asks for the link', async () => {
  await using door = await opened({ accepted: ['key+code', 'key+link'] })
  const signIn = (codes: string[]) => door.ssh.run([...door.ssh.args(door.user, door.alice), 'echo in'], codes)
  expect(await signIn([door.host.code()])).toMatchObject({ status: 0 })
  expect(door.host.links).toEqual([])
  const running = signIn([''])
  ;(await link(door)).confirm()
  expect(await running).toMatchObject({ status: 0, stdout: 'in\n' })
  expect(door.host.admittedBy).toEqual(['key', 'key+link'])
})

test('when the rest of the server cannot be asked, nobody comes in', async () => {
  await using door = await opened()
  door.host.offerLink = async () => {
    throw new Error('database away')
  }
  const ran = await door.ssh.run(command(door))
  expect(ran).toMatchObject({ status: 255, stdout: '' })
  expect(ran.stderr).toContain('Claviger cannot check who you are right now.')
})
