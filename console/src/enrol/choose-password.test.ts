import { expect, test } from 'vitest'
import { passwordBlocked } from './choose-password.tsx'

test.each([
  ['short', 'short', 'At least 12 characters'],
  ['long enough now', 'long enough', 'The two are not the same'],
  ['long enough now', 'long enough now', undefined],
])('a new password %j with %j again: %s', (password, again, blocked) => expect(passwordBlocked(password, again)).toBe(blocked))
