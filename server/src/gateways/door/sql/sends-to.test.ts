import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { isDirect, sendsTo } from './sends-to.ts'
import { counted, twoEnds } from './test/two-ends.ts'

const open: Socket[] = []
afterAll(() => {
  for (const socket of open) socket.destroy()
})
/** What is sent goes from `near` to `far`. */
const ways = twoEnds(open)

test('this Node has what sockets write with: without it all goes through the stream, and costs more', async () => {
  const [tcp, tls, streams] = await Promise.all(Object.values(ways).map((connected) => connected()))
  expect([tcp, tls, streams].map((ends) => ends && isDirect(ends.near))).toEqual([true, true, false])
})

describe.each(Object.keys(ways))('%s', (name) => {
  const connected = ways[name as keyof typeof ways]

  test('everything comes once and in order, whoever sends it, and the end behind it', async () => {
    const { near, far } = await connected()
    const got: Buffer[] = []
    far.on('data', (chunk: Buffer) => got.push(chunk))
    const send = sendsTo(near)
    let sent = 0
    const next = (length: number): Buffer => {
      sent += length
      return counted(sent - length, length)
    }
    for (let i = 0; i < 120; i++) {
      const piece = next(1 + ((i * 613) % 5_000))
      if (i % 5 === 3) near.write(piece)
      else send(piece)
      // several in one turn of the loop, and with turns in between
      if (i % 7 === 0) await sleep(1)
    }
    // one of ours is not done when the stream is told to end
    send(next(100))
    near.end(next(100))
    await once(far, 'end')
    expect(Buffer.concat(got)).toEqual(counted(0, sent))
  })

  test('a peer that does not read holds back who sends, until it does', async () => {
    const { near, far } = await connected()
    const send = sendsTo(near)
    const piece = Buffer.alloc(64 * 1024, 'x')
    let sent = 0
    while (send(piece) || near.writableLength === 0) {
      sent += piece.length
      if (sent > 256 * 1024 * 1024) throw new Error('nothing held it back')
      await sleep(0)
    }
    sent += piece.length
    expect(near.writableLength).toBeLessThan(1024 * 1024)
    let got = 0
    const drained = once(near, 'drain')
    far.on('data', (chunk: Buffer) => {
      got += chunk.length
    })
    await drained
    send(piece)
    sent += piece.length
    while (got < sent) await sleep(5)
    expect(got).toBe(sent)
  })

  test('nothing of what is sent to a connection that is gone throws, and the stream says that it is', async () => {
    const { near, far } = await connected()
    near.on('error', () => undefined)
    const closed = new Promise((resolve) => near.once('close', resolve))
    const send = sendsTo(near)
    far.on('error', () => undefined).destroy()
    // what was sent is not done when the socket goes
    while (!near.destroyed) {
      send(Buffer.alloc(1_000))
      await sleep(1)
      if (name === 'streams that are no sockets') near.destroy()
    }
    await closed
    expect(send(Buffer.from('late'))).toBe(false)
  })

  test('a socket that is destroyed while a piece is on its way says goodbye as ever', async () => {
    const { near, far } = await connected()
    far.on('error', () => undefined)
    far.resume()
    const send = sendsTo(near)
    send(Buffer.from('one'))
    near.write('two')
    const closed = new Promise((resolve) => near.once('close', resolve))
    near.on('error', () => undefined).destroy()
    await closed
    await sleep(5)
    expect(near.destroyed).toBe(true)
  })

  test('without what Node keeps for itself it is the stream that sends', async () => {
    const { near, far } = await connected()
    const send = sendsTo(near, false)
    const heard = once(far, 'data')
    send(Buffer.from('by the stream'))
    if (name !== 'TCP') expect(near.writableLength).toBeGreaterThan(0)
    expect(String((await heard)[0])).toBe('by the stream')
  })
})
