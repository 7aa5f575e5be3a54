import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeContent, encodeContent } from './statement-content.ts'
import {
  decodeStatement,
  decodeStatementEnd,
  encodeMore,
  encodeStatement,
  encodeStatementEnd,
  encodeUnmasked,
  type StatementBody,
  type StatementEndBody,
} from './statement-frames.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 200 })
const content = fc.record({ sql: text, parameters: fc.array(fc.option(text), { maxLength: 20 }) })
const marks = {
  ...{ truncated: fc.boolean(), masked: fc.boolean(), unsureEncoding: fc.boolean(), escaped: fc.boolean() },
  ...{ sameText: fc.boolean(), sameParameters: fc.boolean() },
}
const start: fc.Arbitrary<StatementBody> = fc
  .record({
    ...{ kind: fc.constant('statement' as const), ago: fc.nat(), n: fc.integer({ min: 2, max: 1e6 }) },
    ...{ via: fc.constantFrom('simple' as const, 'extended' as const), ...marks, content, more: fc.nat(1e6) },
  })
  .map(({ content, more, ...body }) => {
    const bytes = encodeContent(content)
    const of = body.sameText || body.sameParameters ? body.n - 1 : 0
    return { ...body, of, length: more === 0 || more % 2 ? null : bytes.length + more, content: bytes }
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
    fc.assert(fc.property(content, (one) => void expect(decodeContent(encodeContent(one))).toEqual({ ...one, whole: true })))
    fc.assert(fc.property(end, (body) => void expect(decodeStatementEnd(encodeStatementEnd(body))).toEqual(body)))
  })

  test('is none when anything is missing or left over', () => {
    fc.assert(
      fc.property(start, fc.nat(), (body, cut) => {
        fc.pre(body.length === null)
        const bytes = encodeStatement(body)
        expect(decodeStatement(bytes.subarray(0, cut % bytes.length))).toBeUndefined()
        expect(decodeStatement(Buffer.concat([bytes, Uint8Array.of(0)]))).toBeUndefined()
      }),
    )
  })

  test('is written as docs/formats.md says', () => {
    const none = { truncated: false, masked: false, unsureEncoding: false, escaped: false, sameText: false, sameParameters: false }
    const body = { kind: 'statement', ago: 1000, n: 1, via: 'extended', ...none, of: 0, length: null } as const
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
    const whole = encodeContent({ sql: 'select $1', parameters: ['1', null] })
    expect(hex(encodeStatement({ ...body, content: whole }))).toBe(inDocs('frame-statement'))
    const first = { ...body, n: 3, length: whole.length, content: whole.subarray(0, 8) }
    expect(hex(encodeStatement(first))).toBe(inDocs('frame-statement-long'))
    expect(hex(encodeMore({ kind: 'statement_more', n: 3, bytes: whole.subarray(8) }))).toBe(inDocs('frame-statement-more'))
    const again = encodeContent({ sql: 'select', parameters: [] })
    expect(hex(encodeStatement({ ...body, n: 4, sameText: true, sameParameters: true, of: 3, content: again }))).toBe(
      inDocs('frame-statement-again'),
    )
    const secret = encodeContent({ sql: "alter role bob password 'x'", parameters: [] })
    expect(hex(encodeUnmasked({ kind: 'unmasked', n: 5, length: secret.length, from: 0, bytes: secret }))).toBe(inDocs('frame-unmasked'))
    const ended = { kind: 'statement_end', ago: 0, n: 1, duration: 2000, rows: 1, size: 30, outcome: 'ok', tag: 'SELECT 1' } as const
    expect(Buffer.from(encodeStatementEnd({ ...ended, sqlState: '', message: '' })).toString('hex')).toBe(inDocs('frame-statement-end'))
  })
})
