import type { backup as api } from '@claviger/api'
import { expect, test } from 'vitest'
import { everyInWords, sizeOf, stateOf, worthOf } from './words.ts'

const made: api.Backup = {
  ...{ id: 'bak_aaaaaaaaaa', node: 'nod_aaaaaaaaaa', state: 'done', begunAt: '2026-01-01T00:00:00.000Z', begunBy: null, recipients: [] },
  ...{
    recordings: false,
    endedAt: null,
    takenAt: null,
    entries: 1,
    file: 'f',
    bytes: 1,
    sha256: null,
    kept: true,
    error: null,
    progress: null,
  },
  ...{ checkedAt: '2026-01-01T00:00:01.000Z', unchecked: null },
}

test('only a backup that was restored once is called good', () => {
  expect(stateOf(made)).toEqual({ word: 'Good', tone: 'good' })
  expect(stateOf({ ...made, checkedAt: null, unchecked: 'No room.' })).toEqual({ word: 'Not tried', tone: 'wait' })
  expect(worthOf({ ...made, checkedAt: null, unchecked: 'No room.' })).toBe('not tried: No room.')
  expect(worthOf({ ...made, state: 'failed', error: 'The disk is full.' })).toBe('The disk is full.')
})

test('one that runs says how far it is, and never that it is done', () => {
  const running = (bytes: number): api.Backup => ({ ...made, state: 'running', progress: { phase: 'reading', bytes, of: 100 } })
  expect([worthOf(running(40)), worthOf(running(100))]).toEqual(['being made, 40 %', 'being made, 99 %'])
})

test('sizes and times are for people', () => {
  expect([sizeOf(null), sizeOf(12), sizeOf(1234), sizeOf(7_654_321)]).toEqual(['–', '12 bytes', '1.23 kB', '7.65 MB'])
  expect([everyInWords(86_400), everyInWords(21_600), everyInWords(90)]).toEqual(['day', '6 hours', '90 seconds'])
})
