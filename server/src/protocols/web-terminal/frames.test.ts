import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, type FrameKind, FrameReader, longestBody } from './index.ts'

const kinds: FrameKind[] = ['hello', 'input', 'resize', 'output', 'over']

describe('frames of a terminal', () => {
  test('mean the same wherever the stream is cut', () => {
    const frame = fc.record({ kind: fc.constantFrom(...kinds), body: fc.uint8Array({ maxLength: 300 }) })
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 20 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.map((f) => encodeFrame(f.kind, f.body)))
        const reader = new FrameReader()
        const got = []
        let at = 0
        for (const cut of [...cuts, stream.length]) {
          got.push(...(reader.push(stream.subarray(at, at + cut)) ?? []))
          at += cut
        }
        expect(got.map((f) => [f.kind, f.body.toString('hex')])).toEqual(sent.map((f) => [f.kind, Buffer.from(f.body).toString('hex')]))
      }),
    )
  })

  test.each([
    ['of a length that no frame has, before its body is waited for', Buffer.from([0x69, 0, 1, 0, 1])],
    ['of no kind', Buffer.from([0x00, 0, 0, 0, 0])],
  ])('are not read further where one is %s', (_what, bytes) => {
    expect(new FrameReader().push(bytes)).toBeUndefined()
  })

  test('are not written longer than they are read', () => {
    expect(new FrameReader().push(encodeFrame('output', Buffer.alloc(longestBody)))).toHaveLength(1)
    expect(() => encodeFrame('output', Buffer.alloc(longestBody + 1))).toThrow('longer')
  })
})
