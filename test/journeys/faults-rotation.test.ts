import { expect, test } from 'vitest'
import { runFaults } from '../support/faults.ts'

/* Some thirty of the more than 500 faults of `npm run faults -- rotation`, on four targets. */

test(
  'rotations that are struck at their steps come to their end, and no credential is lost',
  async () => {
    const { total, status, said } = await runFaults('rotation', '--quick')
    const injected = expect.toSatisfy((count: number) => count >= 20 && count <= 50, 'about thirty')
    expect(total, said).toMatchObject({ suite: 'rotation', injected, lost: 0 })
    expect(total.survived, said).toBe(total.injected)
    expect(status).toBe(0)
  },
  20 * 60_000,
)

test(
  'a server that changes the target before it stores the candidate is caught',
  async () => {
    const { total, status, said } = await runFaults('rotation', '--quick', '--order', 'target-first')
    expect(total.lost, said).toBeGreaterThan(0)
    expect(status).toBe(1)
  },
  20 * 60_000,
)
