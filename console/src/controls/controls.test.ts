import { expect, test } from 'vitest'
import { nameOf, whatOf } from './words.ts'

test('every control that a server tells of has words', () => {
  const known = ['anchor', 'api', 'clock', 'database', 'expiry', 'gateway', 'jobs', 'keeper', 'recorder', 'sequencer', 'supervisor']
  for (const control of known) expect([nameOf(control), whatOf(control).length > 5]).toEqual([expect.not.stringMatching(/^[a-z]/), true])
  expect(nameOf('tomorrow’s')).toBe('tomorrow’s')
})
