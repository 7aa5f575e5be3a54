import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { shareFairly } from './fairness.ts'
import { keyCame } from './typing.ts'

const bytes = randomBytes(3 * 1024 * 1024)
const perTurn = 128 * 1024

/** What the reader behind a real socket got when all of `bytes` was sent: each piece with the turn of the event loop in which it came. */
async function carried(began: () => void = () => {}): Promise<{ all: Buffer; turns: number[][] }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sender = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  let [turn, over] = [0, false]
  const turning = () =>
    void setImmediate(() => {
      turn++
      if (!over) turning()
    })
  turning()
  const pieces: { turn: number; piece: Buffer }[] = []
  socket.on('data', (piece) => {
    began()
    pieces.push({ turn, piece })
  })
  shareFairly(socket, perTurn)
  sender.end(bytes)
  await once(socket, 'end')
  over = true
  for (const one of [socket, sender]) one.destroy()
  server.close()
  const turns = Map.groupBy(pieces, (one) => one.turn).values()
  return { all: Buffer.concat(pieces.map(({ piece }) => piece)), turns: [...turns].map((of) => of.map(({ piece }) => piece.length)) }
}
const most = (turns: number[][]) => Math.max(...turns.map((lengths) => lengths.reduce((sum, length) => sum + length, 0)))

test('a copy gets through whole, and no turn has much more of it than its budget', async () => {
  const { all, turns } = await carried()
  expect(all.equals(bytes)).toBe(true)
  // what is read at once is not divided
  expect(most(turns)).toBeLessThanOrEqual(perTurn + 65_536)
})

test('while somebody types, a turn has a packet of it', async () => {
  const { all, turns } = await carried(keyCame)
  expect(all.equals(bytes)).toBe(true)
  // the first one came before the first key
  expect(most(turns.slice(1))).toBeLessThanOrEqual(2 * 32 * 1024 + 128)
})
