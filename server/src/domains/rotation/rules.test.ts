import { describe, expect, test } from 'vitest'
import { nextOf, type Outlook, pauseAfter, tellsOf } from './rules.ts'

const failed = (over: Partial<Outlook>): Outlook => ({
  ...{ code: 'target.unreachable', failures: 1, reconciler: false, reconciled: false, compromised: false },
  ...over,
})

describe('an order whose attempt failed', () => {
  test('is tried again for ever while the target is away, and never by the reconciler, who would not get there either', () => {
    for (const failures of [1, 2, 3, 100])
      expect(nextOf(failed({ failures, reconciler: true }))).toEqual({ do: 'retry', by: 'manager', hold: false })
  })

  test('goes to the reconciler at once when the target refuses what the vault has: no login is tried again', () => {
    for (const code of ['target.login_refused', 'rotation.unknown_credential'] as const) {
      expect(nextOf(failed({ code, reconciler: true }))).toEqual({ do: 'reconcile' })
      expect(nextOf(failed({ code }))).toEqual({ do: 'hold' })
      expect(nextOf(failed({ code, reconciler: true, reconciled: true }))).toEqual({ do: 'hold' })
    }
  })

  test('tries the one before only where nothing can reset it: a target that was put back has that', () => {
    expect(nextOf(failed({ code: 'rotation.drifted' }))).toMatchObject({ do: 'retry', by: 'manager' })
    expect(nextOf(failed({ code: 'rotation.drifted', reconciler: true }))).toEqual({ do: 'reconcile' })
  })

  test('tries the other one after a change of ours that was cut off', () => {
    expect(nextOf(failed({ code: 'rotation.probing', reconciler: true }))).toEqual({ do: 'retry', by: 'manager', hold: false })
  })

  test('goes to the reconciler at the third failure of another sort', () => {
    const broken = { code: 'target.not_permitted', reconciler: true } as const
    expect([1, 2, 3, 4].map((failures) => nextOf(failed({ ...broken, failures })))).toMatchObject(
      ['manager', 'manager', 'reconciler', 'reconciler'].map((by) => ({ do: 'retry', by })),
    )
    expect(nextOf(failed({ ...broken, reconciler: false, failures: 9 }))).toMatchObject({ by: 'manager' })
  })

  test('closes the account at the first failure when the credential is in other hands', () => {
    expect(nextOf(failed({ compromised: true }))).toEqual({ do: 'retry', by: 'manager', hold: true })
  })

  test('is over where nothing of the account is ours to replace, and closes it where somebody else may have what opens it', () => {
    const code = 'rotation.brought_in'
    expect(nextOf(failed({ code, failures: 9, reconciler: true }))).toEqual({ do: 'end', hold: false })
    expect(nextOf(failed({ code, compromised: true }))).toEqual({ do: 'end', hold: true })
  })

  test('is not counted while it waits for somebody else', () => {
    for (const code of ['rotation.elsewhere', 'rotation.waits_for_manager', 'keeper.sealed'] as const)
      expect(nextOf(failed({ code }))).toEqual({ do: 'wait' })
  })
})

test('the owner hears of the first failure, security and the owner’s manager of the third, and nobody of each', () => {
  expect([1, 2, 3, 4, 50].map(tellsOf)).toEqual([['owner'], [], ['security', 'owner-manager'], [], []])
})

describe('the pause', () => {
  test('doubles with each failure, up to ten minutes', () => {
    expect([1, 2, 3, 4].map((n) => pauseAfter(n, 1_000, 0))).toEqual([1_000, 2_000, 4_000, 8_000])
    expect(pauseAfter(1_000_000, 60_000, 0)).toBe(600_000)
  })
  test('is spread over a quarter more', () => {
    expect(pauseAfter(1, 1_000, 1)).toBe(1_250)
    expect(pauseAfter(99, 60_000, 1)).toBe(750_000)
  })
})
