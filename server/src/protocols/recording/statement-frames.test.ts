import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeStatement,
  decodeStatementEnd,
  encodeStatement,
  encodeStatementEnd,
  type StatementBody,
  type StatementEndBody,
} from './statement-frames.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 200 })
const start: fc.Arbitrary<StatementBody> = fc.record({
  ...{ kind: fc.constant('statement' as const), ago: fc.nat(), n: fc.nat(), via: fc.constantFrom('simple' as const, 'extended' as const) },
  ...{ truncated: fc.boolean(), masked: fc.boolean(), sql: text, parameters: fc.array(fc.option(text), { maxLength: 20 }) },
})
const end: fc.Arbitrary<StatementEndBody> = fc.record({
  ...{ kind: fc.constant('statement_end' as const), ago: fc.nat(), n: fc.nat(), duration: fc.nat(), rows: fc.option(fc.nat()) },
  ...{ size: fc.nat(), outcome: fc.constantFrom('ok' as const, 'failed' as const, 'cancelled' as const, 'cut' as const) },
  ...{ tag: text, sqlState: text, message: text },
})

const inDocs = (name: string): string => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/formats.md'), 'utf8')
  return new RegExp(`<!-- vector: ${name} -->\\s*\`\`\`[a-z]*\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1]?.trim() ?? ''
}

describe('a statement in a recording', () => {
  test('comes back as it went in', () => {
    fc.assert(fc.property(start, (body) => void expect(decodeStatement(encodeStatement(body))).toEqual(body)))
    fc.assert(fc.property(end, (body) => void expect(decodeStatementEnd(encodeStatementEnd(body))).toEqual(body)))
  })

  test('is none when anything is missing or left over', () => {
    fc.assert(
      fc.property(start, fc.nat(), (body, cut) => {
        const bytes = encodeStatement(body)
        expect(decodeStatement(bytes.subarray(0, cut % bytes.length))).toBeUndefined()
        expect(decodeStatement(Buffer.concat([bytes, Uint8Array.of(0)]))).toBeUndefined()
      }),
    )
  })

  test('is written as docs/formats.md says', () => {
    const body = { kind: 'statement', ago: 1000, n: 1, via: 'extended', truncated: false, masked: false } as const
    expect(Buffer.from(encodeStatement({ ...body, sql: 'select $1', parameters: ['1', null] })).toString('hex')).toBe(
      inDocs('frame-statement'),
    )
    const ended = { kind: 'statement_end', ago: 0, n: 1, duration: 2000, rows: 1, size: 30, outcome: 'ok', tag: 'SELECT 1' } as const
    expect(Buffer.from(encodeStatementEnd({ ...ended, sqlState: '', message: '' })).toString('hex')).toBe(inDocs('frame-statement-end'))
  })
})
