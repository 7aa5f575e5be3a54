import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { releaseWritten } from './release-written.ts'

test('what is released was sent whole, also to who reads late; memory that others share stays', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  const [socket] = (await once(server, 'connection')) as [Socket]
  releaseWritten(socket)
  const shared = randomBytes(64 * 1024)
  const whole = Array.from({ length: 200 }, () => Buffer.from(randomBytes(32 * 1024)))
  const alone = whole.map((bytes) => {
    const own = Buffer.allocUnsafeSlow(bytes.length)
    bytes.copy(own)
    return own
  })
  for (const bytes of alone) socket.write(bytes)
  socket.end(shared.subarray(0, 32 * 1024))
  const got: Buffer[] = []
  reader.on('data', (bytes: Buffer) => got.push(bytes)).resume()
  await once(reader, 'end')
  server.close()

  expect(Buffer.concat(got).equals(Buffer.concat([...whole, shared.subarray(0, 32 * 1024)]))).toBe(true)
  expect(alone.filter((bytes) => bytes.length > 0)).toEqual([])
  expect(shared.length).toBe(64 * 1024)
})
