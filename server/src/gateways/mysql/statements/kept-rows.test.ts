import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PacketScanner, packet, ResponseReader } from '../../../protocols/mysql/index.ts'
import type { ResultPart } from '../../contract.ts'
import { KeptResults } from '../../door/sql/kept-results.ts'
import { KeptRows } from './kept-rows.ts'
import { SessionText } from './session-text.ts'

const long = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
const column = (name: string, type: number) =>
  Buffer.concat([...['def', 'd', 't', 't', name, name].map(long), Buffer.from([12, 33, 0, 0, 1, 0, 0, type, 0, 0, 0, 0, 0])])
const end = Buffer.from([0xfe, 0, 0, 2, 0])
const text = [Buffer.from([2]), column('a', 3), column('b', 253), end, Buffer.concat([long('1'), long('x')]), Buffer.from([0xfb, 0]), end]
const binary = [
  Buffer.from([2]),
  column('a', 3),
  column('b', 253),
  end,
  Buffer.concat([Buffer.from([0, 0, 7, 0, 0, 0]), long('x')]),
  Buffer.from([0, 4, 1, 97]),
  end,
]
const columns = {
  columns: [
    { name: 'a', type: 'int' },
    { name: 'b', type: 'varchar' },
  ],
}

test.each([
  ['text', false, text, [columns, { row: ['1', 'x'] }, { row: [null, ''] }]],
  ['binary', true, binary, [columns, { row: ['7', 'x'] }, { row: [null, 'a'] }]],
] as const)(
  'rows of the %s protocol that policy has kept are the same at every cut of the stream, and follow the answer to its end',
  (_name, isBinary, bodies, expected) => {
    const bytes = Buffer.concat(bodies.map((body, i) => packet(i + 1, body)))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
        const kept: (ResultPart | undefined)[] = []
        const rows = new KeptRows(
          new KeptResults({ statementBytes: 5000, sessionBytes: 5000 }, (_n, read) => void kept.push(read())),
          new SessionText(45),
        )
        const answered: number[] = []
        const reader = new ResponseReader((answer) => answered.push(answer.rows), rows)
        const scanner = new PacketScanner(reader)
        rows.begins(1, isBinary)
        reader.expect({ kind: 'results', cursor: false })
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        for (const [i, from] of places.entries()) expect(scanner.scan(bytes.subarray(from, places[i + 1] ?? bytes.length))).toBe(true)
        expect(answered).toEqual([2])
        expect(kept).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  },
)
