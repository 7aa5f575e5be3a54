import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MessageScanner, queryMessage } from '../../../protocols/postgres/index.ts'
import type { ResultPart } from '../../contract.ts'
import { KeptResults } from '../../door/sql/kept-results.ts'
import { message, send, answer as server } from './test-wire.fixture.ts'
import { StatementTracker } from './track-statements.ts'

const int16 = (n: number) => Buffer.from([n >> 8, n & 255])
const int32 = (n: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(n)
  return bytes
}
const oid = { text: 25, int4: 23 }
interface Column {
  name: string
  type?: number
  form?: number
}
const described = (...of: Column[]) =>
  message(
    'T',
    int16(of.length),
    ...of.flatMap(({ name, type = oid.text, form = 0 }) => [
      ...[Buffer.from(`${name}\0`), int32(0), int16(0), int32(type), int16(-1 & 65_535), int32(-1), int16(form)],
    ]),
  )
const columns = (...names: string[]) => described(...names.map((name) => ({ name })))
const row = (...values: (string | Buffer | null)[]) =>
  message('D', int16(values.length), ...values.flatMap((v) => (v === null ? [int32(-1)] : [int32(Buffer.byteLength(v)), Buffer.from(v)])))
const complete = (tag: string) => message('C', Buffer.from(`${tag}\0`))
const ready = message('Z', Buffer.from('I'))

function session(limits: { statementBytes: number; sessionBytes: number } | undefined) {
  const kept: { n: number; part: ResultPart | undefined }[] = []
  const tracker = new StatementTracker(
    { started: () => {}, ended: () => {}, now: () => 0 },
    [],
    undefined,
    limits && new KeptResults(limits, (n, read) => void kept.push({ n, part: read() })),
  )
  const [person, target] = [new MessageScanner(tracker.fromPerson), new MessageScanner(tracker.fromTarget)]
  return {
    ...{ tracker, kept },
    asks: (sql: string) => person.scan(queryMessage(sql)),
    sends: (...bytes: Buffer[]) => bytes.every((b) => person.scan(b)),
    answers: (...bytes: Buffer[]) => bytes.every((b) => target.scan(b)),
  }
}
const plenty = { statementBytes: 10_000, sessionBytes: 100_000 }
const answer = Buffer.concat([
  columns('a', 'b'),
  row('1', 'ü'),
  row(null, ''),
  complete('SELECT 2'),
  columns('c'),
  row('x'),
  complete('SELECT 1'),
  ready,
])
const expected = [
  {
    n: 1,
    part: {
      columns: [
        { name: 'a', type: 'text' },
        { name: 'b', type: 'text' },
      ],
    },
  },
  { n: 1, part: { row: ['1', 'ü'] } },
  { n: 1, part: { row: [null, ''] } },
  { n: 1, part: { columns: [{ name: 'c', type: 'text' }] } },
  { n: 1, part: { row: ['x'] } },
]

describe('rows that policy has kept', () => {
  test('are the same at every cut of the stream', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: answer.length }), { maxLength: 12 }), (cuts) => {
        const one = session(plenty)
        one.asks('select 1; select 2')
        const places = [0, ...cuts.toSorted((a, b) => a - b), answer.length]
        for (const [i, from] of places.entries()) one.answers(answer.subarray(from, places[i + 1] ?? answer.length))
        expect(one.kept).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('are whole rows, the first ones, up to the limit of a statement and of the session', () => {
    const rows = Buffer.concat([
      columns('a'),
      ...Array.from({ length: 10 }, (_, i) => row(`${i}`.repeat(10))),
      complete('SELECT 10'),
      ready,
    ])
    const one = session({ statementBytes: 140, sessionBytes: 220 })
    for (let n = 1; n <= 3; n++) {
      one.asks('select a from t')
      one.answers(rows)
    }
    const of = (n: number) => one.kept.filter((k) => k.n === n && k.part && 'row' in k.part).map((k) => k.part)
    expect(of(1)).toEqual([{ row: ['0000000000'] }, { row: ['1111111111'] }, { row: ['2222222222'] }])
    expect(of(2)).toEqual([{ row: ['0000000000'] }])
    expect(of(3)).toEqual([])
  })

  test('are none behind one that is too long, and of that no byte is collected', () => {
    const one = session({ statementBytes: 1 << 20, sessionBytes: 1 << 24 })
    one.asks('select a from t')
    one.answers(columns('a'), row('first'))
    expect(one.tracker.fromTarget.begin('D'.charCodeAt(0), 1_073_741_824)).toBe(0)
    one.answers(row('behind it'), complete('SELECT 3'), ready)
    expect(one.kept.slice(1)).toEqual([{ n: 1, part: { row: ['first'] } }])
  })

  test('are read in the encoding in which they came, though the client sets another one before they are written down', () => {
    const later: (() => ResultPart | undefined)[] = []
    const tracker = new StatementTracker(
      { started: () => {}, ended: () => {}, now: () => 0 },
      [['client_encoding', 'LATIN1']],
      undefined,
      new KeptResults(plenty, (_n, read) => void later.push(read)),
    )
    const [person, target] = [new MessageScanner(tracker.fromPerson), new MessageScanner(tracker.fromTarget)]
    person.scan(queryMessage('select name from t; set client_encoding = utf8'))
    for (const bytes of [
      columns('a'),
      row(Buffer.from([0xe9])),
      complete('SELECT 1'),
      message('S', 'client_encoding\0UTF8\0'),
      complete('SET'),
      ready,
    ])
      target.scan(bytes)
    expect(later.map((read) => read())).toEqual([{ columns: [{ name: 'a', type: 'text' }] }, { row: ['é'] }])
  })

  test('of rows without a byte in them there is an end too', () => {
    const one = session({ statementBytes: 1024, sessionBytes: 65_536 })
    one.asks('select from generate_series(1, 10000)')
    one.answers(columns(), ...Array.from({ length: 10_000 }, () => row()), complete('SELECT 10000'), ready)
    expect(one.kept.length).toBeLessThanOrEqual(1024 / 16)
  })

  test('are none where policy says nothing: no row is collected', () => {
    const one = session(undefined)
    one.asks('select 1')
    one.answers(answer)
    expect(one.kept).toEqual([])
    const tracker = new StatementTracker({ started: () => {}, ended: () => {}, now: () => 0 })
    expect(tracker.fromTarget.begin('D'.charCodeAt(0), 100)).toBe(0)
    expect(tracker.fromTarget.begin('T'.charCodeAt(0), 100)).toBe(0)
  })

  describe('of prepared statements', () => {
    const bind = (statement: string, ...forms: number[]) =>
      message('B', `\0${statement}\0`, int16(0), int16(0), int16(forms.length), ...forms.map(int16))
    const describes = (what: 'S' | 'P', name: string) => message('D', `${what}${name}\0`)
    const types = message('t', int16(0))
    const a = { columns: [{ name: 'a', type: 'int4' }] }

    test('are read as the client wants them, though the target described the statement once, before it was bound', () => {
      const one = session(plenty)
      one.sends(send.parse('s', 'select a from t'), describes('S', 's'), send.sync)
      one.answers(server.parsed, types, described({ name: 'a', type: oid.int4 }), ready)
      for (const [forms, value] of [
        [[1], int32(7)],
        [[], '8'],
        [[0], '9'],
      ] as const) {
        one.sends(bind('s', ...forms), send.execute, send.sync)
        one.answers(server.bound, row(value), complete('SELECT 1'), ready)
      }
      expect(one.kept).toEqual(
        ['7', '8', '9'].flatMap((value, i) => [
          { n: i + 1, part: a },
          { n: i + 1, part: { row: [value] } },
        ]),
      )
    })

    test('are read as the target described the portal', () => {
      const one = session(plenty)
      one.sends(send.parse('', 'select a from t'), bind('', 1), send.describe, send.execute, send.sync)
      one.answers(
        server.parsed,
        server.bound,
        described({ name: 'a', type: oid.int4, form: 1 }),
        row(int32(-1)),
        complete('SELECT 1'),
        ready,
      )
      expect(one.kept.map((k) => k.part)).toEqual([a, { row: ['-1'] }])
    })

    test('of another statement that was described at the same time are not mistaken for them', () => {
      const one = session(plenty)
      one.sends(send.parse('s', 'select a from t'), describes('S', 's'), send.parse('u', 'select b from u'), describes('S', 'u'), send.sync)
      one.answers(server.parsed, types, described({ name: 'a', type: oid.int4 }), server.parsed, types, columns('b'), ready)
      one.sends(bind('s', 1), send.execute, bind('u', 0), send.execute, send.sync)
      one.answers(server.bound, row(int32(1)), complete('SELECT 1'), server.bound, row('x'), complete('SELECT 1'), ready)
      expect(one.kept.map((k) => k.part)).toEqual([a, { row: ['1'] }, { columns: [{ name: 'b', type: 'text' }] }, { row: ['x'] }])
    })

    test('come piece by piece, where a client asks for so many at a time', () => {
      const one = session(plenty)
      one.sends(send.parse('', 'select a from t'), bind(''), send.describe, send.execute, send.execute, send.sync)
      one.answers(server.parsed, server.bound, columns('a'), row('1'), server.suspended, row('2'), complete('SELECT 1'), ready)
      expect(one.kept.filter((k) => k.part && 'row' in k.part)).toEqual([
        { n: 1, part: { row: ['1'] } },
        { n: 2, part: { row: ['2'] } },
      ])
    })

    test('are not kept where nobody knows what they consist of', () => {
      const one = session(plenty)
      one.sends(send.parse('', 'select a from t'), bind('', 1), send.execute, send.sync)
      one.answers(server.parsed, server.bound, row(int32(1)), complete('SELECT 1'), ready)
      expect(one.kept).toEqual([])
    })

    test('what was described counts as what is remembered, and goes when the statement does', () => {
      const one = session(plenty)
      const wide = described(...Array.from({ length: 400 }, (_, i) => ({ name: `column${i}` })))
      let n = 0
      while (!one.tracker.overflowing && n < 10_000) {
        one.sends(send.parse(`s${n}`, 'select'), describes('S', `s${n}`), send.sync)
        one.answers(server.parsed, types, wide, ready)
        n += 1
      }
      expect(n).toBeLessThan(10_000)
      for (let i = 0; i < n; i++) {
        one.sends(send.close(`s${i}`), send.sync)
        one.answers(server.closed, ready)
      }
      expect(one.tracker.overflowing).toBe(false)
    })
  })
})
