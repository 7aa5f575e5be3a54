import { expect, test } from 'vitest'
import { nextRow } from './use-list-keys.ts'

test.each([
  [-1, 1, 0],
  [-1, -1, 4],
  [0, 1, 1],
  [4, 1, 4],
  [0, -1, 0],
] as const)('from row %i, a step of %i among five leads to row %i', (at, step, to) => expect(nextRow(at, step, 5)).toBe(to))
