import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { AnyAuthMethod } from 'ssh2'
import { expect, test } from 'vitest'
import { type Door, openDoor } from './test/open-door.ts'
import { knock } from './test/raw-client.ts'

const stillWorks = async (door: Door) =>
  expect(await door.ssh.run([...door.ssh.args(door.user, door.alice), 'echo in'], [door.host.code()])).toMatchObject({ stdout: 'in\n' })

/** Sends bytes and waits until the door has had enough; answers what it said. */
async function send(door: Door, ...pieces: readonly (Buffer | string)[]): Promise<string> {
  const socket = connect(door.gateway.port, '127.0.0.1')
  let said = ''
  socket
    .on('error', () => {})
    .on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1')
    })
  for (const piece of pieces) socket.write(piece)
  socket.end()
  await once(socket, 'close')
  return said
}

test('a user name that does not parse is answered by how it must look, and reported', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run([...door.ssh.args('alice', door.alice), 'echo in'])
  expect(ran.status).toBe(255)
  expect(ran.stderr).toContain('Connect as person@account@target, for example: ssh alice@deploy@web01@this-host')
  expect(door.host.malformedSeen).toEqual(['malformed user name'])
})

test('oversized and odd user names are refused, the door stays open', async () => {
  await using door = await openDoor()
  const names = ['', '@', '@@@@', 'a'.repeat(30_000), `alice@${'b'.repeat(10_000)}@web01`, 'ali\u0000ce@a@b', '\u001b[2J@a@b', '\ud800@a@b']
  for (const name of names) {
    const answer = await knock(door.gateway.port, name, [{ type: 'none', username: name }])
    expect(answer.ready).toBe(false)
    expect(answer.banners.join('')).not.toContain('\u001b')
  }
  expect(door.host.malformedSeen).toHaveLength(names.length)
  await stillWorks(door)
  expect(door.errors).toEqual([])
})

test('random bytes on the port end their connection, and no other', async () => {
  await using door = await openDoor()
  for (let round = 0; round < 20; round += 1) {
    await send(door, randomBytes(1 + round * 700))
    await send(door, 'SSH-2.0-x\r\n', randomBytes(1 + round * 700))
    await send(door, 'SSH-2.0-x\r\n', Buffer.from([0, 0, 255, 255]), randomBytes(70_000))
  }
  await send(door, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await send(door, Buffer.alloc(300_000, 'a'))
  expect(door.host.malformedSeen.filter((what) => what === 'did not speak SSH').length).toBeGreaterThanOrEqual(20)
  await stillWorks(door)
  expect(door.errors).toEqual([])
})

test('what the door says of itself names no version', async () => {
  await using door = await openDoor()
  expect((await send(door)).split('\r\n')[0]).toBe('SSH-2.0-Claviger')
})

test('OpenSSH as it is gets AES-GCM, a client without it AES-CTR, and weaker ciphers nothing', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run([...door.ssh.args(door.user, door.alice, ['-v']), 'true'], [door.host.code()])
  expect(ran.stderr).toContain('server->client cipher: aes128-gcm@openssh.com')
  const none: AnyAuthMethod[] = [{ type: 'none', username: door.user }]
  const offering = (cipher: string) => knock(door.gateway.port, door.user, none, { algorithms: { cipher: [cipher as 'aes256-ctr'] } })
  expect((await offering('aes256-ctr')).error).toContain('authentication methods failed')
  for (const cipher of ['chacha20-poly1305@openssh.com', 'aes128-cbc', 'aes128-ctr']) {
    expect((await offering(cipher)).error).toContain('no matching')
  }
})

test('an address that opens connections and says nothing is turned away beyond its share', async () => {
  await using door = await openDoor({ limits: { unauthenticatedPerAddress: 3 } })
  const silent: Socket[] = []
  for (let i = 0; i < 3; i += 1) {
    const socket = connect(door.gateway.port, '127.0.0.1')
    await once(socket, 'data')
    silent.push(socket)
  }
  expect(await send(door)).toContain('Too many connections from your address.')
  const [first] = silent
  first?.destroy()
  // the place is free as soon as the door has noticed
  for (let tries = 0; tries < 100; tries += 1) if ((await send(door)).startsWith('SSH-2.0')) break
  await stillWorks(door)
  for (const socket of silent) socket.destroy()
})

test('a door that is full of connections that say nothing still lets in who signs in, and drops the one that waited longest', async () => {
  await using door = await openDoor({ limits: { connections: 3 } })
  const silent: Socket[] = []
  for (let i = 0; i < 3; i += 1) {
    const socket = connect({ port: door.gateway.port, host: '127.0.0.1', localAddress: '127.0.0.9' })
    await once(socket, 'data')
    silent.push(socket.resume())
  }
  const dropped = once(silent[0] as Socket, 'close')
  await stillWorks(door)
  await dropped
  expect(silent.slice(1).map((socket) => socket.destroyed)).toEqual([false, false])
  for (const socket of silent) socket.destroy()
})

test('who does not sign in in time is disconnected', async () => {
  await using door = await openDoor({ limits: { graceMs: 200 } })
  const socket = connect(door.gateway.port, '127.0.0.1')
  socket.resume()
  await once(socket, 'close')
})

test('a command that is too long or holds a NUL never reaches the target', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run([...door.ssh.args(door.user, door.alice), `echo ${'x'.repeat(33_000)}`], [door.host.code()])
  expect(ran.status).toBe(255)
  expect(ran.stderr).toContain('The command is longer than 32768 characters.')
  expect(door.host.sessions).toEqual([])
})
