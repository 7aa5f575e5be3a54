import { expect, test } from 'vitest'
import { runFaults } from '../support/faults.ts'

/* The gravest four of the faults of `npm run faults -- sessions`, each in the middle of four sessions with the real clients. */

test(
  'what people saw more than a second before a fault is in recordings that verify, and nobody works on unrecorded',
  async () => {
    const { total, status, said } = await runFaults('sessions', '--only', 'gravest')
    const injected = expect.toSatisfy(
      (count: number) => count === 16 || count === 12,
      'each in four sessions; no room takes mounts of our own',
    )
    expect(total, said).toMatchObject({ suite: 'sessions', injected, lost: 0 })
    expect(total.survived, said).toBe(total.injected)
    expect(status).toBe(0)
  },
  20 * 60_000,
)

test(
  'a gateway that goes on when nothing can be recorded any more is caught',
  async () => {
    const { total, status, said } = await runFaults('sessions', '--only', 'gravest', '--order', 'unheard')
    expect(total.lost, said).toBeGreaterThan(0)
    expect(status).toBe(1)
  },
  20 * 60_000,
)
