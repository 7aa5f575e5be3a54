import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
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
