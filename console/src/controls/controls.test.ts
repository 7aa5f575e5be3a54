import { expect, test } from 'vitest'
import { keeperInWords } from './nodes-panel.tsx'
import { nameOf, whatOf } from './words.ts'

test('every control that a server tells of has words', () => {
  const known = [
    'anchor',
    'api',
    'clock',
    'database',
    'expiry',
    'gateway',
    'jobs',
    'keeper',
    'peers',
    'recorder',
    'sequencer',
    'supervisor',
  ]
  for (const control of known) expect([nameOf(control), whatOf(control).length > 5]).toEqual([expect.not.stringMatching(/^[a-z]/), true])
  expect(nameOf('tomorrow’s')).toBe('tomorrow’s')
})

test('a keeper that is behind says by how much; the one that signs is behind nobody', () => {
  const keeper = { epoch: 1, size: 1200, behind: 3 }
  expect(keeperInWords({ keeper: null, sequences: false })).toMatch(/sealed/)
  expect(keeperInWords({ keeper: { ...keeper, behind: 0 }, sequences: false })).toBe('has seen all 1,200 entries')
  expect(keeperInWords({ keeper, sequences: false })).toBe('3 behind, at 1,200 entries')
  expect(keeperInWords({ keeper, sequences: true })).toBe('signs; 1,200 entries when last heard of')
})
