import { expect, test } from 'vitest'
import { keptResults } from './kept-results.ts'

const asked = (resultBytes: number | undefined, over: object = {}) =>
  keptResults({
    ...{ how: { kind: 'sql' as const }, withoutCards: false, released: { terms: resultBytes === undefined ? {} : { resultBytes } } },
    ...over,
  })

test('results are kept where policy says so, and a session keeps 64 times that, 16 MiB at most', () => {
  expect(asked(undefined)).toBeUndefined()
  expect(asked(1024)).toEqual({ statementBytes: 1024, sessionBytes: 65_536 })
  expect(asked(1 << 20)).toEqual({ statementBytes: 1 << 20, sessionBytes: 16 << 20 })
})
test('in scope pci nothing is kept, whatever policy says; and nothing of what is no SQL', () => {
  expect(asked(1024, { withoutCards: true })).toBeUndefined()
  expect(asked(1024, { how: { kind: 'shell' } })).toBeUndefined()
})
