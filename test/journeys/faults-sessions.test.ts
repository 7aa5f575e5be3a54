import { expect, test } from 'vitest'
import { runFaults } from '../support/faults.ts'

/* The gravest three of the faults of `npm run faults -- sessions`, each in the middle of five sessions. */

test(
  'what people saw more than a second before a fault is in recordings that verify, and no session runs on',
  async () => {
    const { total, status, said } = await runFaults('sessions', '--only', 'gravest')
    const injected = expect.toSatisfy((count: number) => count >= 10 && count <= 15, 'two or three faults in five sessions')
    expect(total, said).toMatchObject({ suite: 'sessions', injected, lost: 0 })
    expect(total.survived, said).toBe(total.injected)
    expect(status).toBe(0)
  },
  20 * 60_000,
)
