import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asPromised, tablesOf, withTables } from './page.ts'
import { readRows } from './rows.ts'
import { paths } from './ways.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/conformance.md'), 'utf8')

test('docs/conformance.md has the tables that `npm run conformance` prints', async () => {
  expect(withTables(page, tablesOf(await readRows(), asPromised))).toBe(page)
})

test('each act is there once, and compares at least two paths', async () => {
  const rows = await readRows()
  const names = rows.map(({ act, wire }) => `${wire}: ${act}`)
  expect(names).toEqual([...new Set(names)])
  for (const row of rows) expect(paths.filter((path) => typeof row.cells[path] !== 'string').length, row.act).toBeGreaterThan(1)
})
