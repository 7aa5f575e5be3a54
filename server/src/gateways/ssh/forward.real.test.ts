import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { freePort, freePorts } from '../../platform/postgres-server/free-port.fixture.ts'
import type { Forward } from '../contract.ts'
import { type Door, openDoor } from './test/open-door.ts'
import { finish } from './test/ssh-client.ts'
import { until } from './test/until.ts'

const servers: Server[] = []
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

/** A service that answers each line with itself in capitals, and EOF with how many bytes it got. */
async function service(): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let got = 0
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        got += bytes.length
        if (bytes.length < 1000) socket.write(bytes.toString().toUpperCase())
      })
      .on('end', () => socket.end(`${got} bytes`))
  })
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return (server.address() as { port: number }).port
}

/** `ssh` with these options and no command; waits until what it forwards takes connections. */
function forwarding(door: Door, ...options: string[]) {
  const child = door.ssh.start(door.ssh.args(door.user, door.alice, ['-N', '-o', 'ExitOnForwardFailure=yes', ...options]), [
    door.host.code(),
  ])
  return { child, ran: finish(child) }
}
/** Everything that comes of a connection until it is closed; undefined when nobody listens there yet. */
async function exchange(port: number, text: string | Buffer, halfClose = true): Promise<string | undefined> {
  return await new Promise((resolve) => {
    let said = ''
    let absent = false
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    sockets.push(socket)
    socket
      .on('error', (error: NodeJS.ErrnoException) => {
        absent = error.code === 'ECONNREFUSED'
      })
      .on('data', (bytes) => {
        said += bytes.toString()
      })
      .on('connect', () => (halfClose ? socket.end(text) : socket.write(text)))
      .on('end', () => socket.end())
      .on('close', () => resolve(absent ? undefined : said))
  })
}
/** The same, once somebody listens there. */
async function answered(port: number, text: string | Buffer): Promise<string | undefined> {
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    const said = await exchange(port, text)
    if (said !== undefined) return said
    await delay(50)
  }
  return undefined
}

/** SOCKS 5 (RFC 1928): no authentication, connect to a name, and then `hi`. What comes of it until it is closed. */
async function throughSocks(port: number, name: string, to: number): Promise<string> {
  const wants = [
    Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), Buffer.from(name), Buffer.from([to >> 8, to & 255])]),
    Buffer.from('hi'),
  ]
  return await new Promise((resolve) => {
    let said = ''
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(Buffer.from([5, 1, 0])))
    sockets.push(socket)
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        said += bytes.toString('latin1')
        const next = wants.shift()
        if (next) socket.write(next)
        if (next && wants.length === 0) socket.end()
      })
      .on('end', () => socket.end())
      .on('close', () => resolve(said))
  })
}

describe('ssh -L', () => {
  test('carries connections both ways to their last byte, under one session, each told with its bytes', async () => {
    await using door = await openDoor()
    const [port, to] = [await freePort(), await service()]
    const { child, ran } = forwarding(door, '-L', `127.0.0.1:${port}:127.0.0.1:${to}`)
    expect(await answered(port, 'hello')).toBe('HELLO5 bytes')
    const many = Buffer.alloc(3_000_000, 'x')
    expect(await exchange(port, many)).toContain('3000000 bytes')
    // what ssh had no time to close would be cut
    await until(() => door.host.sessions[0]?.forwarded.length === 2)
    child.kill()
    await ran
    await until(() => door.host.sessions[0]?.outcomes.length === 1)
    expect(door.host.sessions).toMatchObject([{ how: { kind: 'forward' }, outcomes: [{ reason: 'closed' }] }])
    const local = { direction: 'local', host: '127.0.0.1', port: to }
    expect(door.host.sessions[0]?.forwards).toMatchObject([local, local])
    expect(door.host.sessions[0]?.forwarded).toMatchObject([
      { outcome: 'closed', sent: 5, received: 12 },
      { outcome: 'closed', sent: 3_000_000 },
    ])
  })

  test('is refused with policy’s sentence, and nothing connects', async () => {
    await using door = await openDoor()
    door.host.refuseForward = () => ({ code: 'session.act_refused', say: 'Not to this one. Ask an administrator.' })
    const [port, to] = [await freePort(), await service()]
    let connected = 0
    servers[0]?.on('connection', () => {
      connected += 1
    })
    const { child, ran } = forwarding(door, '-L', `127.0.0.1:${port}:127.0.0.1:${to}`)
    expect(await answered(port, 'hello')).toBe('')
    child.kill()
    expect((await ran).stderr).toContain('Not to this one. Ask an administrator.')
    expect(connected).toBe(0)
    expect(door.host.sessions[0]?.forwarded).toEqual([])
  })

  test('without a grant reaches nothing and opens no session', async () => {
    await using door = await openDoor()
    door.host.grants.clear()
    const port = await freePort()
    const { child, ran } = forwarding(door, '-L', `127.0.0.1:${port}:127.0.0.1:${await service()}`)
    expect(await answered(port, 'hello')).toBe('')
    child.kill()
    expect((await ran).stderr).toContain('No grant of yours runs for this account.')
    expect(door.host.sessions).toEqual([])
  })

  test('says why where nothing listens', async () => {
    await using door = await openDoor()
    const [port = 0, nobody = 0] = await freePorts(2)
    const { child, ran } = forwarding(door, '-L', `127.0.0.1:${port}:127.0.0.1:${nobody}`)
    expect(await answered(port, 'hello')).toBe('')
    await until(() => (door.host.sessions[0]?.forwarded.length ?? 0) > 0)
    child.kill()
    expect((await ran).stderr).toMatch(/refused/)
    expect(door.host.sessions[0]?.forwarded[0]).toMatchObject({ outcome: 'failed', sent: 0, received: 0 })
  })

  test('is held while the session is suspended, and cut with it', async () => {
    await using door = await openDoor()
    const [port, to] = [await freePort(), await service()]
    const { child, ran } = forwarding(door, '-L', `127.0.0.1:${port}:127.0.0.1:${to}`)
    expect(await answered(port, 'hello')).toBe('HELLO5 bytes')
    const [session] = door.host.sessions
    session?.door?.suspend()
    let said: string | undefined
    const waiting = exchange(port, 'held', false).then((all) => {
      said = all
    })
    await until(() => session?.forwards.length === 2)
    await delay(300)
    expect(sockets.at(-1)?.bytesRead).toBe(0)
    session?.door?.resume()
    await until(() => sockets.at(-1)?.bytesRead === 4)
    session?.cut('ended_by_officer')
    await waiting
    expect(said).toBe('HELD')
    await until(() => session?.outcomes.length === 1)
    expect(session?.outcomes).toMatchObject([{ reason: 'ended_by_officer' }])
    expect(session?.forwarded.at(-1)).toMatchObject({ outcome: 'cut', sent: 4, received: 4 })
    child.kill()
    await ran
  })
})

test('ssh -D takes each destination to policy by its own name', async () => {
  await using door = await openDoor()
  const [port, to] = [await freePort(), await service()]
  door.host.refuseForward = ({ host }: Forward) => (host === 'localhost' ? undefined : { code: 'session.act_refused', say: 'No. Ask.' })
  const { child, ran } = forwarding(door, '-D', `127.0.0.1:${port}`)
  // what is no SOCKS is closed, once ssh listens
  expect(await answered(port, Buffer.from([0]))).toBe('')
  expect(await throughSocks(port, 'localhost', to)).toContain('HI2 bytes')
  expect(await throughSocks(port, 'elsewhere.test', to)).not.toContain('HI')
  child.kill()
  await ran
  expect(door.host.sessions.map(({ forwards }) => forwards.map(({ host }) => host))).toEqual([['localhost', 'elsewhere.test']])
})

describe('ssh -R', () => {
  test('has the target listen, and tells each connection that it takes', async () => {
    await using door = await openDoor()
    const [port, to] = [await freePort(), await service()]
    const { child, ran } = forwarding(door, '-R', `127.0.0.1:${port}:127.0.0.1:${to}`)
    expect(await answered(port, 'hello')).toBe('HELLO5 bytes')
    // what ssh had no time to close would be cut
    await until(() => door.host.sessions[0]?.forwarded.length === 1)
    child.kill()
    await ran
    await until(() => door.host.sessions[0]?.forwarded.length === 2)
    const remote = { direction: 'remote', host: '127.0.0.1', port }
    expect(door.host.sessions[0]?.forwards).toMatchObject([{ ...remote, from: 'the target listens' }, remote])
    expect(door.host.sessions[0]?.forwarded).toContainEqual({ outcome: 'closed', sent: 12, received: 5 })
  })

  test('that policy refuses listens nowhere', async () => {
    await using door = await openDoor()
    door.host.refuseForward = () => ({ code: 'session.act_refused', say: 'No. Ask.' })
    const port = await freePort()
    const { ran } = forwarding(door, '-R', `127.0.0.1:${port}:127.0.0.1:1`)
    expect((await ran).stderr).toContain('remote port forwarding failed')
    expect(await exchange(port, 'hello')).toBeUndefined()
  })
})
