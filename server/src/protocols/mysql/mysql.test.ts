import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  can,
  nativeHash,
  ourCapabilities,
  packet,
  proofs,
  readError,
  readGreeting,
  readHead,
  readLoginAnswer,
  writeGreeting,
} from './index.ts'

const greeting = {
  version: '10.11.19-MariaDB',
  connection: 42,
  capabilities: ourCapabilities,
  challenge: Buffer.alloc(20, 65),
  plugin: 'mysql_native_password',
}

test('a greeting is read as it is written', () => {
  expect(readGreeting(writeGreeting(greeting))).toEqual(greeting)
})

test('a greeting, an answer and an error that are cut or made up are read without harm', () => {
  const whole = writeGreeting(greeting)
  for (let cut = 0; cut < whole.length - 1; cut++) expect(() => readGreeting(whole.subarray(0, cut))).not.toThrow()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const body = Buffer.from(bytes)
      readGreeting(body)
      readLoginAnswer(body)
      readError(body)
    }),
  )
})

test('a server of before 4.1 is none that we greet', () => {
  expect(readGreeting(writeGreeting({ ...greeting, capabilities: can.longPassword }))).toBeUndefined()
})

test('a packet says its length and its number', () => {
  expect(readHead(packet(258, Buffer.alloc(300)))).toEqual({ length: 300, sequence: 2 })
})

test('a switch without a name asks for the hash of before 2001', () => {
  expect(readLoginAnswer(Buffer.from([0xfe]))).toMatchObject({ kind: 'switch', plugin: 'mysql_old_password' })
})

// select password('password') and select password('') on MariaDB 10.11
test('a stored password is what the server makes of it', () => {
  expect(nativeHash(Buffer.from('password'))).toBe('*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19')
  expect(nativeHash(Buffer.from('claviger'))).toMatch(/^\*[0-9A-F]{40}$/)
})

test('a proof differs with the challenge and holds no password', () => {
  for (const prove of Object.values(proofs)) {
    const [one, other] = [65, 66].map((byte) => prove(Buffer.from('secret of this test'), Buffer.alloc(20, byte)))
    expect(one).not.toEqual(other)
    expect(one?.includes('secret')).toBe(false)
    expect(prove(Buffer.alloc(0), Buffer.alloc(20))).toHaveLength(0)
  }
})
