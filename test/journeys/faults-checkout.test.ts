import { expect, test } from 'vitest'
import { runFaults } from '../support/faults.ts'

/* A tenth of the thousand claimants of `npm run faults -- checkout`. */

test(
  'of a hundred who claim an account while servers are killed, no two ever have it',
  async () => {
    const { total, status, said } = await runFaults('checkout', '--quick')
    expect(total, said).toEqual({ suite: 'checkout', injected: 4, survived: 4, lost: 0 })
    expect(status).toBe(0)
  },
  20 * 60_000,
)

test(
  'servers that give the account to the next before its credential is replaced are caught',
  async () => {
    const { total, status, said } = await runFaults('checkout', '--quick', '--order', 'next-first')
    expect(total.lost, said).toBeGreaterThan(0)
    expect(status).toBe(1)
  },
  20 * 60_000,
)
