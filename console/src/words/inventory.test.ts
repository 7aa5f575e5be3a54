import { describe, expect, test } from 'vitest'
import { fieldName, oldOneInWords, targetState } from './inventory.ts'

const target = (found: number, managed: number, held: number, lastDiscovery: string | null = '2026-01-01T10:00:00Z') => ({
  states: { found, managed, held },
  accounts: found + managed + held,
  lastDiscovery,
  manager: 'root',
})

describe('a target in one word', () => {
  test.each([
    [target(3, 1, 1), '1 held', 'bad'],
    [target(3, 1, 0), '3 standing', 'wait'],
    [target(0, 4, 0), 'All vaulted', 'good'],
    [target(0, 0, 0), 'No account', 'over'],
    [target(0, 0, 0, null), 'Not searched', 'wait'],
  ])('says the worst that is true of it (%#)', (t, word, tone) => expect(targetState(t)).toEqual({ word, tone }))
})

test.each([
  [{ version: 1, state: 'done', error: null }, 'none was known'],
  [{ version: 2, state: 'done', error: null }, 'could not be tried'],
  [{ version: 2, state: 'done', error: 'rotation.old_still_works' }, 'it still works'],
  [{ version: 2, state: 'failed', error: 'target.unreachable' }, 'not tried'],
  [{ version: 1, state: 'changed', error: null }, 'not yet'],
] as const)('says why the old credential was not refused (%#)', (rotation, said) => expect(oldOneInWords(rotation)).toBe(said))

test.each([
  ['hostKey', 'Host key'],
  ['ca', 'CA'],
  ['authorizedKeysFile', 'Authorized keys file'],
])('the setting %s is called %s', (name, said) => expect(fieldName(name)).toBe(said))
