import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readBind, readFunctionCall, readNamed, readParse, showParameter, utf8 } from './index.ts'

const int16 = (n: number) => Buffer.from([n >> 8, n & 255])
const int32 = (n: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(n)
  return bytes
}

test('Parse gives name, text and types', () => {
  const body = Buffer.concat([Buffer.from('s1\0select $1\0'), int16(1), int32(23)])
  expect(readParse(body)).toEqual({ name: 's1', sql: Buffer.from('select $1'), types: [23] })
  expect(readParse(body.subarray(0, 8))).toBeUndefined()
})

test('Bind gives each value with its format, and is none when one is cut off', () => {
  const values = Buffer.concat([int32(2), Buffer.from('ab'), int32(-1), int32(4), int32(7)])
  const body = Buffer.concat([Buffer.from('\0s1\0'), int16(3), int16(0), int16(0), int16(1), int16(3), values])
  const bind = readBind(body)
  expect(bind?.statement).toBe('s1')
  expect(bind?.values).toMatchObject([{ binary: false, bytes: Buffer.from('ab') }, null, { binary: true, bytes: int32(7) }])
  expect(readBind(body.subarray(0, -6))).toBeUndefined()
})

test('a function call has its function and its arguments', () => {
  const body = Buffer.concat([int32(3310), int16(1), int16(0), int16(2), int32(1), Buffer.from('x'), int32(-1), int16(0)])
  expect(readFunctionCall(body)).toEqual({ oid: 3310, values: [{ binary: false, bytes: Buffer.from('x') }, null] })
})

test('one format stands for all values', () => {
  const body = Buffer.concat([Buffer.from('\0\0'), int16(1), int16(1), int16(2), int32(1), Buffer.from('x'), int32(1), Buffer.from('y')])
  expect(readBind(body)?.values).toMatchObject([{ binary: true }, { binary: true }])
})

test('Close and Describe say what they mean', () => {
  expect(readNamed(Buffer.from('Ss1\0'))).toEqual({ statement: true, name: 's1' })
  expect(readNamed(Buffer.from('P\0'))).toEqual({ statement: false, name: '' })
})

test('whatever comes, nothing throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const body = Buffer.from(bytes)
      readParse(body)
      readNamed(body)
      readFunctionCall(body)
      for (const value of readBind(body)?.values ?? []) if (value) showParameter(value.bytes, value.binary, 1184, utf8)
    }),
  )
})

describe('a binary value of a common type is shown as PostgreSQL prints it', () => {
  const shown = (hex: string, type: number) => showParameter(Buffer.from(hex, 'hex'), true, type, utf8).text
  test.each([
    ['01', 16, 't'],
    ['ffff', 21, '-1'],
    ['0000002a', 23, '42'],
    ['7fffffffffffffff', 20, '9223372036854775807'],
    ['3ff8000000000000', 701, '1.5'],
    ['a0eebc999c0b4ef8bb6d6bb9bd380a11', 2950, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['0000000000000000', 1184, '2000-01-01T00:00:00.000Z'],
    ['00000001', 1082, '2000-01-02'],
    ['6869', 25, 'hi'],
    ['6869', 0, '\\x6869'],
    ['00', 23, '\\x00'],
  ])('%s of type %i is %s', (hex, type, text) => {
    expect(shown(hex, type)).toBe(text)
  })

  test('what is long is shown whole, since a function may execute it', () => {
    const long = Buffer.alloc(10_000, 'x')
    expect(showParameter(long, false, 25, utf8).text).toBe('x'.repeat(10_000))
    expect(showParameter(long, true, 0, utf8).text).toBe(`\\x${'78'.repeat(10_000)}`)
  })
})
