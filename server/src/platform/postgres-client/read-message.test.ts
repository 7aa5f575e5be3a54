import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { saslInitialResponse, saslMechanisms, sqlStateIn, startupMessage } from '../../protocols/postgres/index.ts'
import { readMessage } from './read-message.ts'

const message = (type: string, body: string): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeUInt32BE(4 + Buffer.byteLength(body), 1)
  return Buffer.concat([head, Buffer.from(body)])
}

describe('reading messages', () => {
  test('gives the same messages at every cut of the stream, and takes nothing behind them', async () => {
    const whole = Buffer.concat([message('R', 'one'), message('Z', ''), message('S', 'name\0value\0'), Buffer.from('rest')])
    for (let cut = 0; cut <= whole.length; cut++) {
      const stream = new PassThrough()
      stream.write(whole.subarray(0, cut))
      setImmediate(() => stream.write(whole.subarray(cut)))
      const read = [await readMessage(stream), await readMessage(stream), await readMessage(stream)]
      expect(read.map((one) => `${one?.type}${one?.body}`)).toEqual(['Rone', 'Z', 'Sname\0value\0'])
      await new Promise(setImmediate)
      expect(String(stream.read())).toBe('rest')
    }
  })

  test.each([
    ['an end in the middle', message('R', 'one').subarray(0, 6)],
    ['an end before it began', Buffer.alloc(0)],
    ['a length that does not count itself', Buffer.from([0x52, 0, 0, 0, 3])],
    ['a length beyond every login', Buffer.from([0x52, 0, 1, 0, 0])],
  ])('gives nothing for %s', async (_what, bytes) => {
    const stream = new PassThrough()
    stream.end(bytes)
    expect(await readMessage(stream)).toBeUndefined()
  })

  test('never throws, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const stream = new PassThrough()
        stream.end(bytes)
        for (let count = 0; count < 20; count++) {
          const read = await readMessage(stream)
          if (!read) return
          sqlStateIn(read.body)
          saslMechanisms(read.body)
        }
      }),
    )
  })
})

test('a startup message is length, version 3.0, and names and values ended by zero', () => {
  expect(startupMessage({ user: 'app', database: 'orders' }).toString('latin1')).toBe('\0\0\0\x22\0\x03\0\0user\0app\0database\0orders\0\0')
})

test('a SASL answer names its mechanism and the length of what follows', () => {
  expect(saslInitialResponse('SCRAM-SHA-256', 'n,,').toString('latin1')).toBe('p\0\0\0\x19SCRAM-SHA-256\0\0\0\0\x03n,,')
})

test.each([
  ['SERROR\0C28P01\0Mpassword authentication failed\0\0', '28P01'],
  ['SERROR\0Mno code\0\0', 'XX000'],
  ['C<script>\0\0', 'XX000'],
])('the SQLSTATE in %j is %s', (fields, code) => {
  expect(sqlStateIn(Buffer.from(fields))).toBe(code)
})
