import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameBuffer } from './frame-buffer.ts'
import { decodeFrames, type FrameBody, longestFrame } from './frames.ts'
import { readVarint, varint, varintSize } from './varint.ts'

const bytes = fc.uint8Array({ maxLength: 300 }).map((all) => new Uint8Array(all))
const count = fc.nat()
const viewersFrame: fc.Arbitrary<FrameBody> = fc.oneof(
  fc.record({ kind: fc.constantFrom('output' as const, 'input' as const), bytes }),
  fc.record({ kind: fc.constant('hidden' as const), count }),
  fc.record({ kind: fc.constant('resize' as const), columns: count, rows: count }),
  fc.record({ kind: fc.constant('command' as const), ago: count, text: fc.string() }),
  fc.record({ kind: fc.constant('event' as const), text: fc.string() }),
)

describe('a varint', () => {
  test('comes back as it went in, in as many bytes as were counted', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const written = varint(value)
        expect(written.length).toBe(varintSize(value))
        expect(readVarint(written, 0)).toEqual({ value, next: written.length })
      }),
    )
  })

  test('is none when it is cut off or beyond what a number holds', () => {
    expect(readVarint(Uint8Array.of(0x80), 0)).toBeUndefined()
    expect(readVarint(new Uint8Array(9).fill(0xff), 0)).toBeUndefined()
    expect(() => varint(-1)).toThrow(RangeError)
  })
})

describe('frames in a chunk', () => {
  test('come back as they went in, at their times', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1_000_000), viewersFrame)), (all) => {
        const buffer = new FrameBuffer()
        let now = 0
        const times = all.map(([wait, body]) => {
          now += wait
          buffer.append(now, body)
          return now
        })
        const { at, plain } = buffer.take()
        const decoded = decodeFrames(plain, 'viewers')
        if ('bad' in decoded) throw new Error(`bad at ${decoded.bad}`)
        let time = at
        const seen = decoded.frames.map(({ dt, ...body }) => {
          time += dt
          return [time, body]
        })
        const plainly = (body: FrameBody) => ('bytes' in body ? { ...body, bytes: [...body.bytes] } : body)
        expect(seen.map(([when, body]) => [when, plainly(body as FrameBody)])).toEqual(all.map(([, body], i) => [times[i], plainly(body)]))
      }),
    )
  })

  test('are never longer than a frame may be', () => {
    const buffer = new FrameBuffer()
    buffer.append(0, { kind: 'output', bytes: Buffer.alloc(longestFrame) })
    expect(() => buffer.append(0, { kind: 'output', bytes: Buffer.alloc(longestFrame + 1) })).toThrow(RangeError)
  })

  test('of unproven bytes are refused in the stream that viewers open, and the other way round', () => {
    const buffer = new FrameBuffer()
    buffer.append(0, { kind: 'unproven', bytes: Buffer.from('hunter2') })
    const { plain } = buffer.take()
    expect(decodeFrames(plain, 'viewers')).toEqual({ bad: 0 })
    expect(decodeFrames(plain, 'officers')).toHaveProperty('frames')
    buffer.append(0, { kind: 'output', bytes: Buffer.from('x') })
    expect(decodeFrames(buffer.take().plain, 'officers')).toEqual({ bad: 0 })
  })

  test('never read beyond the bytes, whatever these are', () => {
    fc.assert(fc.property(fc.uint8Array(), (plain) => void decodeFrames(plain, 'viewers')))
  })

  test('keep their order when the clock goes back', () => {
    const buffer = new FrameBuffer()
    buffer.append(100, { kind: 'event', text: 'a' })
    buffer.append(50, { kind: 'event', text: 'b' })
    const decoded = decodeFrames(buffer.take().plain, 'viewers')
    expect('frames' in decoded && decoded.frames.map(({ dt }) => dt)).toEqual([0, 0])
  })
})
