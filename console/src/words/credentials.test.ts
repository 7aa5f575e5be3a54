import { expect, test } from 'vitest'
import { aboutInWords, reportInWords } from './credentials.ts'

const counts = { credentials: 12, weak: 0, reused: 0, old: 3, shared: 0, expiring: 0, unchecked: 0 }

test('the report of credentials is one sentence', () => {
  expect(reportInWords({ ...counts, credentials: 0 })).toBe('The vault holds no credentials yet.')
  expect(reportInWords(counts)).toBe('None of 12 credentials is weak or used twice.')
  expect(reportInWords({ ...counts, weak: 1, reused: 2 })).toBe('Of 12 credentials 1 is weak and 2 used more than once.')
})

test('of a credential that was brought in, what is known is said, and nothing is said of what it has none of', () => {
  const about = { subject: 'CN=app', names: [], chain: 1, notAfter: '2027-01-01T00:00:00Z' }
  expect(aboutInWords(about)).toBe('subject CN=app, chain 1')
  expect(aboutInWords({ ...about, names: ['a.example', 'b.example'] })).toBe('subject CN=app, names a.example b.example, chain 1')
  expect(aboutInWords(null)).toBe('–')
})
