import { describe, expect, test } from 'vitest'
import type { LedgerEntry, Phase } from './entry.ts'
import { most, RecentEntries } from './recent-entries.ts'

const entry = (id: string, phase: Phase, intent: string | null = null): LedgerEntry => ({
  ...{ v: 1, id, at: '2026-01-01T00:00:00.000Z', act: 'rotation.begun', phase, by: null, intent },
  ...{ fields: { account: 'acc_1' }, committed: {}, attests: [] },
})

describe('what the keeper remembers of entries', () => {
  test('is what an intent says until it has its outcome, and of an outcome that it is signed', () => {
    const recent = new RecentEntries()
    recent.remember(entry('a', 'intent'), 1)
    expect(recent.get('a')).toMatchObject({ place: 1, closed: false, fields: { account: 'acc_1' } })
    recent.remember(entry('b', 'outcome', 'a'), 2)
    expect(recent.get('a')).toMatchObject({ closed: true, fields: {} })
    expect(recent.get('b')).toMatchObject({ place: 2, phase: 'outcome', fields: {} })
    recent.remember(entry('c', 'done'), 3)
    expect(recent.get('c')?.fields).toEqual({ account: 'acc_1' })
  })

  test('is the newest alone', () => {
    const recent = new RecentEntries()
    for (let at = 1; at <= 3 * most; at++) recent.remember(entry(`${at}`, 'intent'), at)
    const kept = Array.from({ length: 3 * most }, (_, at) => recent.get(`${at + 1}`)).filter((one) => one !== undefined)
    expect(kept.length).toBeLessThanOrEqual(most)
    expect(kept.at(-1)?.place).toBe(3 * most)
  })

  test('is of viewings the newest as well, whatever else happened meanwhile', () => {
    const recent = new RecentEntries()
    const viewing = (id: string): LedgerEntry => ({ ...entry(id, 'done'), act: 'recording.viewed' })
    recent.remember(viewing('looked'), 1)
    for (let at = 2; at <= 2 * most; at++) recent.remember(entry(`${at}`, 'intent'), at)
    expect(recent.get('looked')).toMatchObject({ place: 1, act: 'recording.viewed' })
    for (let at = 1; at <= most; at++) recent.remember(viewing(`v${at}`), 2 * most + at)
    expect(recent.get('looked')).toBeUndefined()
    expect(recent.get(`v${most}`)).toBeDefined()
  })
})
