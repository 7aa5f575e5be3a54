import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readBind, readNamed, readParse, showParameter } from './index.ts'

const int16 = (n: number) => Buffer.from([n >> 8, n & 255])
const int32 = (n: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(n)
  return bytes
}

test('Parse gives name, text and types', () => {
  const body = Buffer.concat([Buffer.from('s1\0select $1\0'), int16(1), int32(23)])
  expect(readParse(body)).toEqual({ name: 's1', sql: 'select $1', whole: true, types: [23] })
  expect(readParse(body.subarray(0, 8))).toEqual({ name: 's1', sql: 'selec', whole: false, types: [] })
})

test('Bind gives each value with its format, and says which was cut off', () => {
  const values = Buffer.concat([int32(2), Buffer.from('ab'), int32(-1), int32(4), int32(7)])
  const body = Buffer.concat([Buffer.from('\0s1\0'), int16(3), int16(0), int16(0), int16(1), int16(3), values])
  const bind = readBind(body)
  expect(bind?.statement).toBe('s1')
  expect(bind?.values).toMatchObject([{ binary: false, length: 2 }, null, { binary: true, length: 4 }])
  expect(readBind(body.subarray(0, -6))?.values.at(-1)).toBeUndefined()
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
      for (const value of readBind(body)?.values ?? []) if (value) showParameter(value.bytes, value.length, value.binary, 1184)
    }),
  )
})

describe('a binary value of a common type is shown as PostgreSQL prints it', () => {
  const shown = (hex: string, type: number) => showParameter(Buffer.from(hex, 'hex'), hex.length / 2, true, type)
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

  test('what is long is cut, and says how long it was', () => {
    const long = Buffer.alloc(10_000, 'x')
    expect(showParameter(long, 10_000, false, 25)).toMatch(/^x{4096}… \(10000 bytes\)$/)
    expect(showParameter(long, 10_000, true, 0)).toMatch(/^\\x[0-9a-f]{4096}… \(10000 bytes\)$/)
  })
})
