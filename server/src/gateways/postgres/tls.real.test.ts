import { readFileSync } from 'node:fs'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readMessage } from '../../platform/postgres-client/index.ts'
import { startupMessage } from '../../protocols/postgres/index.ts'
import { certificateFor, type Door, openDoor, user } from './test/open-door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(async () => {
  expect(door.errors).toEqual([])
  await door[Symbol.asyncDispose]()
})

/** TLS from the first byte, without asking; undefined when the door closes instead. */
function direct(ca: string, protocols?: string[]): Promise<TLSSocket | undefined> {
  const { port } = door.gateway
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost', ...(protocols && { ALPNProtocols: protocols }) }, () =>
      resolve(socket),
    )
    socket.on('error', () => resolve(undefined))
  })
}

/** Whether the door asks for the ticket after a startup on this connection. */
async function asksForTicket(socket: TLSSocket): Promise<boolean> {
  socket.write(startupMessage({ user, database: 'postgres' }))
  const answer = await readMessage(socket)
  socket.destroy()
  return answer?.type === 'R'
}

describe('TLS at the door', () => {
  test('may begin at once, when the client names the protocol', async () => {
    const socket = await direct(readFileSync(door.ca, 'utf8'), ['postgresql'])
    expect(socket?.alpnProtocol).toBe('postgresql')
    expect(socket && (await asksForTicket(socket))).toBe(true)
  })

  test.each([
    ['no protocol', undefined],
    ['another one', ['http/1.1']],
  ])('does not begin at once with %s: a browser could be made to send that', async (_what, protocols) => {
    const socket = await direct(readFileSync(door.ca, 'utf8'), protocols)
    expect(socket ? await asksForTicket(socket) : false).toBe(false)
  })

  test('shows a renewed certificate to who comes next, and who is in stays in', async () => {
    const inside = door.client()
    await inside.connect()
    const { ca, ...renewed } = certificateFor('localhost')
    door.gateway.renew(renewed)
    expect(await direct(readFileSync(door.ca, 'utf8'), ['postgresql'])).toBeUndefined()
    const next = await direct(ca, ['postgresql'])
    expect(next && (await asksForTicket(next))).toBe(true)
    expect((await inside.query('select 42 as x')).rows).toEqual([{ x: 42 }])
    await inside.end()
  })
})
