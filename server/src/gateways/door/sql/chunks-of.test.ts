import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as secure, TLSSocket } from 'node:tls'
import { afterAll, describe, expect, test } from 'vitest'
import { selfSigned } from '../../../targets/test/self-signed.ts'
import { secureContextOf } from '../start-tls.ts'
import { chunksOf } from './chunks-of.ts'

const { certificate, key } = selfSigned('127.0.0.1')
const context = secureContextOf({ certificate, privateKey: key })
const open: Socket[] = []
afterAll(() => {
  for (const socket of open) socket.destroy()
})

/** Two ends that are connected; chunks are taken from `near`. */
const ways: Record<string, () => Promise<{ near: Duplex; far: Duplex }>> = {
  TCP: async () => await overTcp(),
  async TLS() {
    const { near, far } = await overTcp()
    const here = new TLSSocket(near, { isServer: true, secureContext: context })
    const there = secure({ socket: far, rejectUnauthorized: false })
    await Promise.all([once(here, 'secure'), once(there, 'secureConnect')])
    return { near: here, far: there }
  },
  async 'streams that are no sockets'() {
    const [near, far] = duplexPair()
    return { near, far }
  },
}

async function overTcp(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const far = connect((server.address() as { port: number }).port, '127.0.0.1')
  const [near] = (await once(server, 'connection')) as [Socket]
  server.close()
  open.push(near, far)
  return { near, far }
}

/** So many bytes, each of which tells its place. */
const counted = (from: number, count: number): Buffer => Buffer.from(Array.from({ length: count }, (_, i) => (from + i) % 251))

describe.each(Object.keys(ways))('%s', (name) => {
  const connected = () => (ways[name] as (typeof ways)[string])()

  test('everything comes once and in order, however often it is held, and the end behind it', async () => {
    const { near, far } = await connected()
    const got: Buffer[] = []
    let held = true
    const said = chunksOf(near, (chunk) => {
      expect(held).toBe(false)
      got.push(chunk)
      if (got.length % 3 !== 0) return
      held = true
      said.hold()
      setTimeout(() => {
        held = false
        said.goOn()
      }, got.length % 2)
    })
    const ended = once(near, 'end')
    let sent = 0
    for (let i = 0; i < 60; i++) {
      const piece = counted(sent, (i * 613) % 5_000)
      sent += piece.length
      far.write(piece)
      if (i % 4 === 0) await sleep(1)
      if (i === 10) {
        expect(got).toEqual([])
        held = false
        said.goOn()
      }
    }
    far.end()
    await ended
    expect(Buffer.concat(got)).toEqual(counted(0, sent))
  })

  test('what comes while it is held waits at its sender, and not here', async () => {
    const { near, far } = await connected()
    let got = 0
    const said = chunksOf(near, (chunk) => {
      got += chunk.length
    })
    said.goOn()
    far.write('a')
    while (got === 0) await sleep(1)
    said.hold()
    const piece = Buffer.alloc(64 * 1024)
    const total = 1024 * piece.length
    for (let i = 0; i < 1024; i++) far.write(piece)
    await sleep(200)
    expect(got).toBe(1)
    expect(near.readableLength).toBeLessThan(1024 * 1024)
    said.goOn()
    while (got < total + 1) await sleep(5)
    expect(got).toBe(total + 1)
  })

  test('who leaves a socket that is destroyed does not make it listen again', async () => {
    const { near } = await connected()
    const { _handle: handle } = near as { _handle?: { onread?: unknown } | null }
    const said = chunksOf(near, () => undefined)
    said.goOn()
    await sleep(1)
    near.destroy()
    const quiet = handle?.onread
    said.leave()
    expect(handle?.onread).toBe(quiet)
  })

  test('who leaves it is told nothing more, and the stream goes on', async () => {
    const { near, far } = await connected()
    const got: string[] = []
    const said = chunksOf(near, (chunk) => got.push(chunk.toString()))
    said.goOn()
    far.write('one')
    while (got.length === 0) await sleep(1)
    said.leave()
    const next = once(near.resume(), 'data')
    far.write('two')
    expect(String(await next)).toBe('two')
    expect(got).toEqual(['one'])
  })
})
