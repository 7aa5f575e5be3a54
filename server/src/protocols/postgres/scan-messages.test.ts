import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MessageScanner } from './scan-messages.ts'

interface Seen {
  type: number
  length: number
  body?: string
}

/** A sink that wants the first `cap` bytes of messages of odd type. */
function collector(cap: number) {
  const seen: Seen[] = []
  return {
    seen,
    begin(type: number, length: number): number {
      seen.push({ type, length })
      return type % 2 === 1 ? cap : 0
    },
    collected(_type: number, body: Buffer): void {
      const last = seen.at(-1)
      if (last) last.body = body.toString('hex')
    },
  }
}

const message = (type: number, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(5)
  head[0] = type
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

const messages = fc.array(fc.record({ type: fc.nat(255), body: fc.uint8Array({ maxLength: 40 }) }), { maxLength: 8 })

describe('a stream of messages', () => {
  test('is understood alike, however it is cut', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(400), { maxLength: 12 }), fc.integer({ min: 1, max: 50 }), (list, cuts, cap) => {
        const stream = Buffer.concat(list.map((m) => message(m.type, m.body)))
        const sink = collector(cap)
        const scanner = new MessageScanner(sink)
        const places = [...new Set([0, ...cuts.filter((c) => c < stream.length), stream.length])].sort((a, b) => a - b)
        for (let i = 1; i < places.length; i++) {
          // a chunk of its own, which the owner uses again afterwards
          const chunk = Buffer.from(stream.subarray(places[i - 1], places[i]))
          expect(scanner.scan(chunk)).toBe(true)
          chunk.fill(0xff)
        }
        expect(scanner.between).toBe(true)
        expect(sink.seen).toEqual(
          list.map(({ type, body }) => ({
            ...{ type, length: body.length },
            ...(type % 2 === 1 && { body: Buffer.from(body.subarray(0, cap)).toString('hex') }),
          })),
        )
      }),
    )
  })

  test('is between messages only where one has ended', () => {
    const stream = Buffer.concat([message(0x51, Buffer.from('select 1\0')), message(0x53, Buffer.alloc(0))])
    const ends = [0, 14, 19]
    for (let cut = 0; cut <= stream.length; cut++) {
      const scanner = new MessageScanner(collector(100))
      scanner.scan(stream.subarray(0, cut))
      expect(scanner.between).toBe(ends.includes(cut))
    }
  })

  test('that is no stream of messages is found out at the first length that cannot be', () => {
    const scanner = new MessageScanner(collector(10))
    expect(scanner.scan(Buffer.concat([message(1, Buffer.from('x')), Buffer.from([0x51, 0, 0, 0, 3, 1, 2, 3])]))).toBe(false)
    expect(new MessageScanner(collector(10)).scan(Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff]))).toBe(false)
  })

  test('may announce a gigabyte without anything being set aside for it', () => {
    const scanner = new MessageScanner(collector(1 << 30))
    const before = process.memoryUsage().arrayBuffers
    expect(scanner.scan(Buffer.from([0x51, 0x3f, 0xff, 0xff, 0xff]))).toBe(true)
    expect(scanner.left).toBe(0x3ffffffb)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20)
  })
})
