import { expect, test } from 'vitest'
import { runFaults } from '../support/faults.ts'

/* Some thirty bad things, each in the middle of somebody's work; `npm run faults -- tour` does more than a hundred. */

test(
  'thirty faults are survived, and nothing is lost',
  async () => {
    const { total, status, said } = await runFaults('tour', '--quick')
    const injected = expect.toSatisfy((count: number) => count >= 25 && count <= 30, 'about thirty')
    expect(total, said).toMatchObject({ suite: 'tour', injected, lost: 0 })
    expect(total.survived, said).toBe(total.injected)
    expect(status).toBe(0)
  },
  26 * 60_000,
)
