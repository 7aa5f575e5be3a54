import { expect, test } from 'vitest'
import { howInWords, newsState } from './words.ts'

test('what is done on the host stands in the order in which it is done', () => {
  const file = { path: '/etc/app.env', line: 'P={secret}', as: 'plain' as const }
  expect(howInWords({ unit: 'app.service', file, check: 'true' })).toBe(
    'writes “P={secret}” in /etc/app.env, then restarts app.service, then checks with true',
  )
})

test.each([
  [{ state: 'proposed', news: null, failures: 0 }, 'To be confirmed'],
  [{ state: 'active', news: 'waiting', failures: 2, version: 4 }, 'Does not know v4'],
  [{ state: 'active', news: 'done', failures: 0, toldVersion: 4 }, 'Knows v4'],
] as const)('%j is said as %s', (dependent, word) => {
  expect(newsState(dependent as never).word).toBe(word)
})
