import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFirstPacket } from './first-packet.ts'
import { cancelRequest, sslRequest, startupMessage } from './login-messages.ts'

const body = (packet: Buffer): Buffer => packet.subarray(4)

test('a startup message gives its version and parameters', () => {
  const packet = readFirstPacket(body(startupMessage({ user: 'alice@app@db', database: 'orders' })))
  expect(packet).toEqual({
    kind: 'startup',
    minor: 0,
    parameters: new Map([
      ['user', 'alice@app@db'],
      ['database', 'orders'],
    ]),
  })
})

test('a request for TLS, for GSS and for a cancel are told apart', () => {
  expect(readFirstPacket(body(sslRequest))).toEqual({ kind: 'ssl' })
  expect(readFirstPacket(Buffer.from([0x04, 0xd2, 0x16, 0x30]))).toEqual({ kind: 'gss' })
  expect(readFirstPacket(body(cancelRequest(42, Buffer.from([1, 2, 3, 4]))))).toEqual({
    ...{ kind: 'cancel', processId: 42, secret: Uint8Array.of(1, 2, 3, 4) },
  })
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['parameters that do not end', body(startupMessage({ user: 'x' })).subarray(0, -1)],
  ['a name without a value', Buffer.from('\0\x03\0\0user\0\0')],
  ['a parameter named twice', Buffer.from('\0\x03\0\0user\0a\0user\0b\0\0')],
  ['an empty name with a value', Buffer.from('\0\x03\0\0\0x\0\0')],
  ['a request for TLS with something behind it', Buffer.concat([body(sslRequest), Buffer.from('x')])],
  ['a cancel without a key', body(cancelRequest(1, Buffer.alloc(0)))],
  ['a thousand parameters', Buffer.from(`\0\x03\0\0${Array.from({ length: 1000 }, (_, i) => `p${i}\0x\0`).join('')}\0`, 'latin1')],
])('%s is refused', (_what, bytes) => {
  expect(readFirstPacket(bytes)).toBeUndefined()
})

test('an older protocol is named, so that it can be refused with a sentence', () => {
  expect(readFirstPacket(Buffer.from([0, 2, 0, 0]))).toEqual({ kind: 'version', major: 2, minor: 0 })
})

test('whatever comes, it never throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readFirstPacket(Buffer.from(bytes))))
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200 }),
      (text) => void readFirstPacket(Buffer.concat([Buffer.from([0, 3, 0, 0]), Buffer.from(text)])),
    ),
  )
})
