import { expect, test } from 'vitest'
import { acts } from '../../console/src/words/acts.ts'
import { codes, readPage, tableOf } from './page.ts'

test('the console has words only for acts that docs/formats.md knows', () => {
  const formats = readPage('docs/formats.md')
  const inDocs = new Set(['acts', 'refused'].flatMap((table) => tableOf(formats, table).flatMap(([act]) => codes(act))))
  expect(Object.keys(acts).filter((act) => !inDocs.has(act))).toEqual([])
})
