import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, FrameReader, longestHello } from './frames.ts'

describe('a frame on the keeper socket', () => {
  test('comes out as it went in, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.jsonValue(), fc.uint8Array({ maxLength: 64 })), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        (frames, step) => {
          const stream = Buffer.concat(frames.map(([json, payload]) => encodeFrame(json, payload)))
          const reader = new FrameReader()
          const got = []
          for (let at = 0; at < stream.length; at += step) {
            const result = reader.push(Buffer.from(stream.subarray(at, at + step)))
            if (!result.ok) throw new Error(result.error)
            got.push(...result.value)
          }
          expect(got.map((f) => JSON.stringify(f.json))).toEqual(frames.map(([json]) => JSON.stringify(json)))
          expect(got.map((f) => [...f.payload])).toEqual(frames.map(([, payload]) => [...payload]))
        },
      ),
    )
  })

  test('leaves nothing of a payload in the pieces in which it came', () => {
    const stream = encodeFrame({ call: 1 }, Buffer.from('s3cret'))
    for (let cut = 1; cut < stream.length; cut++) {
      const pieces = [Buffer.from(stream.subarray(0, cut)), Buffer.from(stream.subarray(cut))] as const
      const reader = new FrameReader()
      reader.push(pieces[0])
      expect(reader.push(pieces[1])).toMatchObject({ ok: true, value: [{ payload: Buffer.from('s3cret') }] })
      expect(Buffer.concat(pieces).toString('latin1')).not.toMatch(/s3|cr|et/)
    }
  })

  test.each([
    ['longer than anything we send', [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2]],
    ['with more JSON than frame', [0, 0, 0, 6, 0, 0, 0, 9, 0x7b, 0x7d]],
    ['too short to be one', [0, 0, 0, 1, 0, 0, 0, 0]],
    ['with broken JSON', [0, 0, 0, 5, 0, 0, 0, 1, 0x7b]],
  ])('is refused when it is %s', (_what, bytes) => {
    expect(new FrameReader().push(Buffer.from(bytes))).toMatchObject({ ok: false })
  })

  test('that comes first may be bounded more tightly than those after it', () => {
    const long = encodeFrame({ token: 'x'.repeat(longestHello) })
    expect(new FrameReader(longestHello).push(long.subarray(0, 8))).toMatchObject({ ok: false })
    expect(new FrameReader(longestHello).push(Buffer.concat([encodeFrame({}), long]))).toMatchObject({ ok: true, value: [{}, {}] })
  })
})
