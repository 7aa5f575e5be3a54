import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type House, must, openHouse } from '../domains/identity/test/house.ts'
import { connectLocally, type Socket } from '../platform/local-socket/local-socket.ts'
import { connectKeeper } from './client.ts'
import { operations, roles } from './contract.ts'
import { serveKeeper } from './server.ts'
import { encodeFrame, type Frame, FrameReader } from './wire/frames.ts'
import type { LineLimits } from './wire/strangers.ts'

let house: House
let path: string
beforeAll(async () => {
  house = await openHouse()
  path = join(house.database.folder, 'keeper.sock')
})
afterAll(() => house?.close())

/** Sends bytes as they are; answers the frames that come until the keeper closes, or the first `frames` of them. */
async function talk(bytes: Buffer, frames = Number.POSITIVE_INFINITY): Promise<Frame[]> {
  const socket = await connectLocally(path)
  const reader = new FrameReader()
  const got: Frame[] = []
  const enough = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      const read = reader.push(data)
      if (read.ok) got.push(...read.value)
      if (got.length >= frames) resolve()
    })
    socket.on('close', () => resolve())
    socket.on('error', () => resolve())
  })
  socket.write(bytes)
  await enough
  socket.destroy()
  return got
}
const hello = encodeFrame({ role: 'api', token: 'b' })

describe('a connection to the keeper', () => {
  test.each<[string, Buffer]>([
    ['says nothing of who it is', encodeFrame({ call: 1, operation: 'status', args: {} })],
    ['has the token of another role', encodeFrame({ role: 'gateway', token: 'b' })],
    ['has a role that there is not', encodeFrame({ role: 'root', token: 'b' })],
    ['says more than it should', encodeFrame({ role: 'api', token: 'b', more: 1 })],
    ['has an endless token', encodeFrame({ role: 'api', token: 'b'.repeat(129) })],
    ['sends what is no frame', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['promises more than any frame holds', Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2])],
    ['sends what is no call after it said who it is', Buffer.concat([hello, encodeFrame({ call: 'x' })])],
  ])('is closed, and hears no secret, when it %s', async (_what, bytes) => {
    const frames = await talk(bytes)
    expect(frames.filter((f) => (f.json as { ok?: boolean }).ok)).toEqual([])
    if (!bytes.subarray(0, hello.length).equals(hello)) expect(frames).toEqual([])
  })

  test('gets keys of its own role, and not of another', async () => {
    const [one, two] = [await house.as('gateway'), house.keeper]
    expect(one.keys().entry).not.toEqual(two.keys().entry)
    expect(one.keys().role).not.toEqual(two.keys().role)
    expect((await house.as('api')).keys()).toEqual(two.keys())
  })

  test('is answered in any order, each call its own', async () => {
    const calls = [1, 2, 3].map((call) => encodeFrame({ call, operation: call === 2 ? 'nothing' : 'status', args: {} }))
    const frames = await talk(Buffer.concat([hello, ...calls]), 4)
    expect(
      frames
        .map((f) => (f.json as { call?: number }).call)
        .filter(Boolean)
        .sort(),
    ).toEqual([1, 2, 3])
    expect(frames.find((f) => (f.json as { call?: number }).call === 2)?.json).toMatchObject({
      ok: false,
      error: { code: 'keeper.unknown_operation' },
    })
  })

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('finds no operation "%s"', async (operation) => {
    const [, answer] = await talk(Buffer.concat([hello, encodeFrame({ call: 1, operation, args: {} })]), 2)
    expect(answer?.json).toMatchObject({ ok: false, error: { code: 'keeper.unknown_operation' } })
  })

  test('says what is malformed and repeats none of it', async () => {
    const answer = await house.keeper.ask('presence', { person: 'per_aaaaaaaaaa', code: 'hunter2' })
    expect(answer).toMatchObject({ ok: false, error: { code: 'keeper.malformed', message: expect.stringContaining('code') } })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })

  test('comes back by itself, and while the keeper is away says so', async () => {
    const keeper = await connectKeeper({ path, role: 'api', token: 'b' })
    must(await keeper.ask('status', {}))
    await keeper.close()
    expect(await keeper.ask('status', {})).toMatchObject({ ok: false, error: { code: 'keeper.unreachable' } })
    await expect(connectKeeper({ path: `${path}.none`, role: 'api', token: 'b', patienceMs: 0 })).rejects.toThrow('did not come up')
    await expect(connectKeeper({ path, role: 'api', token: 'wrong', patienceMs: 0 })).rejects.toThrow('did not come up')
  })
})

describe('a connection that says too little', () => {
  /** The same keeper at a socket of its own, which waits for nobody for long. */
  let count = 0
  const impatient = async (limits: Partial<LineLimits>) => {
    // a server that closes takes its socket away when it gets to it: not that of the next
    const at = join(house.database.folder, `impatient-${++count}.sock`)
    const server = await serveKeeper(at, { life: house.life, roleTokens: house.roleTokens, log: () => undefined, limits })
    onTestFinished(() => void server.close())
    return at
  }
  const closed = async (socket: Socket) => {
    socket.resume()
    if (!socket.closed) await once(socket, 'close')
    return socket
  }

  test.each<[string, Buffer]>([
    ['says nothing', Buffer.alloc(0)],
    ['begins to say who it is, and goes on byte by byte', hello.subarray(0, 9)],
  ])('is closed when it %s', async (_what, bytes) => {
    const socket = await connectLocally(await impatient({ helloMs: 300 }))
    socket.on('error', () => undefined)
    socket.write(bytes)
    const drip = bytes.length > 0 ? setInterval(() => socket.writable && socket.write(Buffer.from(' ')), 50) : undefined
    expect((await closed(socket)).destroyed).toBe(true)
    clearInterval(drip)
  })

  test('is closed in the middle of a frame, and not between two', async () => {
    const at = await impatient({ frameMs: 300 })
    const keeper = await connectKeeper({ path: at, role: 'api', token: 'b' })
    const socket = await connectLocally(at)
    const call = encodeFrame({ call: 1, operation: 'status', args: {} })
    socket.write(Buffer.concat([hello, call, call.subarray(0, 20)]))
    await closed(socket)
    // quiet for longer than that, and still there
    let lost = false
    keeper.onSeal(() => {
      lost = true
    })
    await delay(700)
    must(await keeper.ask('status', {}))
    expect(lost).toBe(false)
    await keeper.close()
  })

  test('makes room for our own processes: a thousand strangers keep nobody out', async () => {
    const at = await impatient({ strangers: 20 })
    const strangers = await Promise.all(Array.from({ length: 1000 }, () => connectLocally(at).catch(() => undefined)))
    const keeper = await connectKeeper({ path: at, role: 'api', token: 'b', patienceMs: 5_000 })
    must(await keeper.ask('status', {}))
    for (const one of strangers) one?.on('error', () => undefined).resume()
    await expect.poll(() => strangers.filter((one) => one && !one.destroyed).length).toBeLessThanOrEqual(20)
    for (const one of strangers) one?.destroy()
    await keeper.close()
  })
})

/** Who may ask for what. A change of this table is a change of what a taken-over process can do. */
test('each operation is for the roles that were reviewed', () => {
  expect(
    Object.entries(operations)
      .map(([name, { allowed }]) => `${name}: ${allowed.join(' ')}`)
      .sort(),
  ).toMatchSnapshot()
})

test.each(roles)('the %s is refused what is not its own, and each such try raises an alarm', async (role) => {
  const process = await house.as(role)
  const others = Object.entries(operations).filter(([, { allowed }]) => !allowed.includes(role))
  for (const [name] of others)
    expect(await process.ask(name as 'status', {})).toMatchObject({ ok: false, error: { code: 'keeper.not_allowed' } })
  const alarms = (await house.entries()).filter((e) => e.act === 'alarm.keeper' && String(e.fields.why).includes(`a ${role} process`))
  expect(alarms.map((e) => e.fields.subject).sort()).toEqual(others.map(([name]) => name).sort())
})
