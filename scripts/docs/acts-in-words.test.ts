import { expect, test } from 'vitest'
import { acts } from '../../console/src/words/acts.ts'
import { codes, readPage, tableOf } from './page.ts'

test('the console has words for every act that docs/formats.md knows, and for no other', () => {
  const formats = readPage('docs/formats.md')
  const inDocs = ['acts', 'refused'].flatMap((table) => tableOf(formats, table).flatMap(([act]) => codes(act)))
  expect(Object.keys(acts).sort()).toEqual([...new Set(inDocs)].sort())
})
