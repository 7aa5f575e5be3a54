import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { explain, type Verdict } from './compare.ts'
import { asPromised, tablesOf, type Word, withTables } from './page.ts'
import { performAll } from './perform-all.ts'
import type { Row } from './row.ts'
import { readRows } from './rows.ts'
import { upstream } from './upstream/upstream.ts'

const help = `npm run conformance [-- --only 'TEXT|TEXT'] [-- --print]
npm run conformance -- --postgres FOLDER

Does the same acts by every path with the real product, and holds what each left behind, in the ledger and in the recording, against the first
of its row. Writes the tables into docs/conformance.md; with --only, does those whose name has a TEXT and writes nothing. Exits 1 when a cell
differs. --print shows what each first cell left behind.

--postgres: PostgreSQL's own regression suite, src/test/regress of its sources (apt-get source postgresql-15), by psql through the gateway
and straight, each at a fresh PostgreSQL 15 of Debian. Exits 1 when psql prints anything else. Ten minutes.
`

const { values } = parseArgs({
  options: { only: { type: 'string' }, print: { type: 'boolean' }, postgres: { type: 'string' }, help: { type: 'boolean' } },
})
if (values.help) process.stdout.write(help)
else if (values.postgres !== undefined) process.exitCode = await upstream(values.postgres)
else process.exitCode = await main(values.only, values.print ?? false)

async function main(only: string | undefined, print: boolean): Promise<number> {
  const verdicts = await performAll((line) => process.stderr.write(`${line}\n`), only)
  const different = verdicts.filter(({ differences }) => differences.length > 0)
  for (const one of verdicts) if (print && one.seen === one.reference) process.stdout.write(`${left(one)}\n`)
  for (const one of different) process.stdout.write(`${explain(one)}\n`)
  process.stdout.write(`${verdicts.length} cells, ${different.length} of them different\n`)
  if (only === undefined) writePage(await readRows(), verdicts)
  return different.length > 0 || verdicts.length === 0 ? 1 : 0
}

function left({ seen }: Verdict): string {
  return [`${seen.row.wire}, ${seen.row.act}:`, ...seen.ledger, ...seen.recording].join('\n  ')
}

function writePage(rows: readonly Row[], verdicts: readonly Verdict[]): void {
  const path = join(import.meta.dirname, '../../docs/conformance.md')
  const word: Word = (row, at) => {
    const verdict = verdicts.find(({ seen }) => seen.row === row && seen.path === at)
    return verdict?.differences.length === 0 ? asPromised(row, at) : '**differs**'
  }
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), tablesOf(rows, word)))
}
