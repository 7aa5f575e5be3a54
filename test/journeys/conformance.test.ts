import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explain, type Verdict } from '../conformance/compare.ts'
import { performAll } from '../conformance/perform-all.ts'
import { readRows } from '../conformance/rows.ts'
import { paths } from '../conformance/ways.ts'

/*
 * The table of docs/conformance.md, done for real: each act by every path, and what it leaves behind in the ledger and in the recording held
 * against the first cell of its row. That the page has this table is `test/conformance/page.test.ts`.
 */

let verdicts: Verdict[]
const said: string[] = []
beforeAll(async () => {
  verdicts = await performAll((line) => said.push(line))
}, 1_200_000)
afterAll(() => {
  if (process.env.JOURNEY_LOG !== undefined) process.stderr.write(`${said.join('\n')}\n`)
})

const rows = await readRows()
describe.each(rows.map((row) => ({ row, wire: row.wire, act: row.act })))('$wire: $act', ({ wire, act, row }) => {
  test.each(paths.filter((path) => typeof row.cells[path] !== 'string'))('leaves the same behind by %s', (path) => {
    const verdict = verdicts.find(({ seen }) => seen.row.wire === wire && seen.row.act === act && seen.path === path)
    if (!verdict) throw new Error('it was not done')
    expect(verdict.differences, explain(verdict)).toEqual([])
  })
})
