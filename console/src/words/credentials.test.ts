import { expect, test } from 'vitest'
import { reportInWords } from './credentials.ts'

const counts = { credentials: 12, weak: 0, reused: 0, old: 3, shared: 0, expiring: 0, unchecked: 0 }

test('the report of credentials is one sentence', () => {
  expect(reportInWords({ ...counts, credentials: 0 })).toBe('The vault holds no credentials yet.')
  expect(reportInWords(counts)).toBe('None of 12 credentials is weak or used twice.')
  expect(reportInWords({ ...counts, weak: 1, reused: 2 })).toBe('Of 12 credentials 1 is weak and 2 used more than once.')
})
