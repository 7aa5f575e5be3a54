import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeResult, encodeResult, type ResultBody } from './result-frames.ts'

const docs = readFileSync(join(import.meta.dirname, '../../../../docs/formats.md'), 'utf8')
const inDocs = (name: string) => new RegExp(`<!-- vector: ${name} -->\\n\`\`\`text\\n([0-9a-f]+)\\n`).exec(docs)?.[1]
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const frames = fc.oneof(
  fc.record({
    kind: fc.constant('result' as const),
    n: fc.integer({ min: 1, max: 1e6 }),
    columns: fc.array(fc.record({ name: text, type: text }), { maxLength: 8 }),
    row: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant('result' as const),
    n: fc.integer({ min: 1, max: 1e6 }),
    columns: fc.constant(null),
    row: fc.array(fc.option(text), { maxLength: 8 }),
  }),
)

test('what docs/formats.md shows is what is written', () => {
  const of = { kind: 'result', n: 1 } as const
  expect(hex(encodeResult({ ...of, columns: [{ name: 'a', type: 'int4' }], row: null }))).toBe(inDocs('frame-result-columns'))
  expect(hex(encodeResult({ ...of, columns: null, row: ['1', null] }))).toBe(inDocs('frame-result-row'))
})
test('columns and rows come back as they were, and nothing that is cut does', () => {
  fc.assert(
    fc.property(frames, (frame: ResultBody) => {
      const bytes = encodeResult(frame)
      expect(decodeResult(bytes)).toEqual(frame)
      for (let cut = 0; cut < bytes.length; cut++) expect(decodeResult(bytes.subarray(0, cut))).toBeUndefined()
    }),
    { numRuns: 200 },
  )
})
