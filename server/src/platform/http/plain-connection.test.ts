import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { PlainConnection } from './plain-connection.ts'

test('a connection on which nothing happens ends after a while, one that was answered later than one that never asked', async () => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const gone: PlainConnection[] = []
  const open = async (): Promise<[ours: PlainConnection, theirs: Socket]> => {
    const theirs = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const [socket] = (await once(server, 'connection')) as [Socket]
    const ours = new PlainConnection(socket, {
      answer: (_request, _source, done) => {
        setImmediate(done, 200, 'yes')
        return true
      },
      head: () => '',
      handOver: () => undefined,
      closing: () => false,
      gone: (connection) => void gone.push(connection),
    })
    return [ours, theirs]
  }
  const [silent, never] = await open()
  const [answered, asked] = await open()
  asked.write(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${'t'.repeat(20)}\r\n\r\n`)
  await once(asked, 'data')
  const sweep = (later: number) => [silent, answered].forEach((one) => void one.endIdle(performance.now() + later, 60_000, 72_000))
  sweep(50_000)
  sweep(61_000)
  await once(never.resume(), 'close')
  await expect.poll(() => gone.length).toBe(1)
  expect(gone).toEqual([silent])
  sweep(73_000)
  await once(asked.resume(), 'close')
  await expect.poll(() => gone.length).toBe(2)
  expect(gone).toEqual([silent, answered])
  server.close()
})

describe('a request that comes in two pieces', () => {
  /** What is not plain goes to node:http, as in lean.ts. */
  async function openBoth() {
    const seen: { path: string; token: string }[] = []
    const rest = createHttp((request, response) => {
      seen.push({ path: request.url ?? '', token: (request.headers.authorization ?? '').slice('Bearer '.length) })
      response.end('read by node:http')
    })
    const head = (_status: number, bytes: number) => `HTTP/1.1 200 OK\r\ncontent-length: ${bytes}\r\n\r\n`
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      new PlainConnection(socket.setNoDelay(), {
        answer(request, _source, done) {
          seen.push(request)
          setImmediate(done, 200, 'read by us')
          return true
        },
        handOver: (handed) => void rest.emit('connection', handed),
        ...{ head, closing: () => false, gone: () => undefined },
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { port: (server.address() as AddressInfo).port, seen, close: () => server.close() }
  }

  test('is answered once and means the same, wherever it is cut, and so is the one behind it', async () => {
    const { port, seen, close } = await openBoth()
    const asks = (n: number) => `GET /api/of-${n} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${'t'.repeat(20)}${n}\r\n\r\n`
    const both = asks(1) + asks(2)
    for (let from = 1; from < both.length; from += 16)
      await Promise.all(
        Array.from({ length: Math.min(16, both.length - from) }, async (_, at) => {
          const cut = from + at
          const client = connect({ port, host: '127.0.0.1', noDelay: true })
          let answers = ''
          client.setEncoding('latin1').on('data', (text: string) => {
            answers += text
          })
          await once(client, 'connect')
          client.write(both.slice(0, cut))
          await sleep(3)
          client.write(both.slice(cut))
          await expect.poll(() => answers.match(/read by (?:us|node:http)/g)?.length, { message: `cut at ${cut}` }).toBe(2)
          client.destroy()
        }),
      )
    const meant = (n: number) => ({ path: `/api/of-${n}`, token: `${'t'.repeat(20)}${n}` })
    expect(seen).toHaveLength(2 * (both.length - 1))
    for (const n of [1, 2]) expect(seen.filter(({ path }) => path === `/api/of-${n}`)).toEqual(Array(both.length - 1).fill(meant(n)))
    close()
  })
})
