import { randomBytes } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { storedFrame } from './stored-frame.ts'

test.each([0, 1, 131_071, 131_072, 131_073, 262_144, 393_216])(
  '%i bytes that are stored are what any reader of zstd gets back',
  (length) => {
    const plain = randomBytes(length)
    const frame = Buffer.concat(storedFrame(plain))
    expect(frame.length).toBeLessThanOrEqual(length + 9 + 3 * 3)
    expect(zstdDecompressSync(frame).equals(plain)).toBe(true)
  },
)

test('the bytes are not copied', () => {
  const plain = randomBytes(1000)
  expect(storedFrame(plain).at(-1)?.buffer).toBe(plain.buffer)
})
