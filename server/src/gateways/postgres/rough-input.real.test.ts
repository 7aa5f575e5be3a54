import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBytes, readMessage } from '../../platform/postgres-client/index.ts'
import { cancelRequest, sslRequest, startupMessage } from '../../protocols/postgres/index.ts'
import { until } from '../ssh/test/until.ts'
import { connectionOf } from './test/connection.ts'
import { type Door, openDoor, ticket, user } from './test/open-door.ts'
import { psql, run } from './test/psql.ts'
import { dialDoor, packet, secureDoor, untilClosed } from './test/raw-client.ts'

let door: Door
let ca: string
beforeAll(async () => {
  door = await openDoor({ limits: { graceMs: 12_000, unauthenticatedPerAddress: 20 } })
  ca = readFileSync(door.ca, 'utf8')
})
afterAll(async () => {
  expect(door.errors).toEqual([])
  await door[Symbol.asyncDispose]()
})

const password = (text: string): Buffer => {
  const body = Buffer.from(`${text}\0`)
  return Buffer.concat([Buffer.from('p'), packet(body)])
}

describe('a client without TLS', () => {
  test('that puts a startup behind its request for TLS is not listened to', async () => {
    const socket = await dialDoor(door.gateway.port)
    socket.write(Buffer.concat([sslRequest, startupMessage({ user })]))
    expect(await untilClosed(socket)).toEqual([])
    await until(() => door.host.malformedSeen.includes('clear text behind the request for TLS'))
  })
})

test('GSS encryption is declined, and TLS may follow', async () => {
  const socket = await dialDoor(door.gateway.port)
  socket.write(packet(Buffer.from([0x04, 0xd2, 0x16, 0x30])))
  expect((await readBytes(socket, 1))?.toString()).toBe('N')
  socket.write(sslRequest)
  expect((await readBytes(socket, 1))?.toString()).toBe('S')
  socket.destroy()
})

describe('what is no login', () => {
  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a packet of a gigabyte', Buffer.from([0x3f, 0xff, 0xff, 0xff, 0, 3, 0, 0])],
    ['a packet without a body', Buffer.from([0, 0, 0, 4])],
    ['a startup whose list does not end', packet(Buffer.from('\0\x03\0\0user\0x'))],
  ])('%s is refused with an error, and written down', async (_what, bytes) => {
    door.host.malformedSeen.length = 0
    const socket = await secureDoor(door.gateway.port, ca)
    socket.write(bytes)
    expect(await untilClosed(socket)).toMatchObject([/^E 08P01 .*no startup message/])
    expect(door.host.malformedSeen).toContain('did not speak PostgreSQL')
  })

  test('an old protocol is named', async () => {
    const socket = await secureDoor(door.gateway.port, ca)
    socket.write(packet(Buffer.from([0, 2, 0, 0])))
    expect(await untilClosed(socket)).toMatchObject([/^E 0A000 .*Protocol 2\.0/])
  })

  test.each([
    ['a user that does not say where to', { user: 'alice' }, /Connect as person@account@target/],
    ['replication', { user, replication: 'database' }, /Replication is not carried/],
    ['a database with a name too long', { user, database: 'd'.repeat(64) }, /at most 63 bytes/],
  ])('%s is refused with a sentence', async (_what, parameters, sentence) => {
    const socket = await secureDoor(door.gateway.port, ca)
    socket.write(startupMessage(parameters as Record<string, string>))
    expect((await untilClosed(socket)).join()).toMatch(sentence)
  })

  test.each([
    ['a query', Buffer.from('Q\0\0\0\x0dselect 1\0')],
    ['a password of a megabyte', Buffer.from([0x70, 0, 0x10, 0, 0])],
    ['a password with a zero byte in it', password('a\0b')],
  ])('%s in the place of a ticket ends the connection', async (_what, bytes) => {
    const socket = await secureDoor(door.gateway.port, ca)
    socket.write(startupMessage({ user }))
    expect((await readMessage(socket))?.type).toBe('R')
    socket.write(bytes)
    expect((await untilClosed(socket)).join()).toMatch(/A password was asked for/)
  })
})

test('a newer minor version and options of the protocol are negotiated down', async () => {
  const socket = await secureDoor(door.gateway.port, ca)
  const startup = startupMessage({ user, '_pq_.something': 'on' })
  startup[7] = 2
  socket.write(startup)
  const negotiated = await readMessage(socket)
  expect(negotiated?.type).toBe('v')
  expect(negotiated?.body.toString('latin1')).toBe('\0\0\0\0\0\0\0\x01_pq_.something\0')
  expect((await readMessage(socket))?.type).toBe('R')
  socket.write(password(ticket))
  const types: string[] = []
  for (let message = await readMessage(socket); message && message.type !== 'Z'; message = await readMessage(socket))
    types.push(message.type)
  expect(types.at(-1)).toBe('N')
  expect(types.slice(0, 2)).toEqual(['R', 'S'])
  // what is no message ends the session
  socket.write(Buffer.from([0x51, 0, 0, 0, 1]))
  expect((await untilClosed(socket)).join()).toMatch(/no message of PostgreSQL/)
  await until(() => door.session().outcomes.length > 0)
  expect(door.session().outcomes).toMatchObject([{ reason: 'closed', detail: /no message/ }])
})

test('a key that nobody was given cancels nothing, and nothing is answered', async () => {
  const running = psql(door, 'select pg_sleep(1);')
  await until(() => door.session().statements.at(-1)?.sql === 'select pg_sleep(1);')
  for (let i = 0; i < 5; i++) {
    const socket = await dialDoor(door.gateway.port)
    socket.write(cancelRequest(i, Buffer.from([1, 2, 3, i])))
    expect(await untilClosed(socket)).toEqual([])
  }
  expect((await running).code).toBe(0)
})

test('who says nothing is put out, and too many of them from one address are told so', async () => {
  const waiting = await Promise.all(Array.from({ length: 20 }, () => dialDoor(door.gateway.port)))
  const ran = await run('psql', ['-X', '-c', 'select 1'], connectionOf(door))
  expect(ran.err).toMatch(/server sent an error response during SSL exchange|Too many connections/)
  await Promise.all(waiting.map((socket) => socket.destroyed || once(socket.resume(), 'close')))
  expect((await psql(door, 'select 1;')).out).toBe('1\n')
})
