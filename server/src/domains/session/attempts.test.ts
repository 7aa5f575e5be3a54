import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Attempt } from '../../gateways/contract.ts'
import type { Audit, AuditEvent } from '../audit/index.ts'
import { createAttempts } from './attempts.ts'

let recorded: AuditEvent[]
const audit = { noteLater: async (event: AuditEvent) => void recorded.push(event) } as unknown as Audit
beforeEach(() => {
  recorded = []
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

const attempt: Attempt = { door: 'ssh', person: 'mallory', account: 'root', target: 'web01', from: '192.0.2.1:5' }

describe('attempts that come to nothing', () => {
  test('are recorded with where they came from, people and addresses as commitments alone', () => {
    createAttempts(audit, () => undefined).record('ssh', '192.0.2.1:5', 'ssh.refused', 'port forwarding', { attempt })
    expect(recorded).toEqual([
      {
        act: 'session.attempt',
        fields: { door: 'ssh', way: 'native', code: 'ssh.refused', account: 'root', target: 'web01' },
        personal: { who: 'mallory', from: '192.0.2.1:5', what: 'port forwarding' },
      },
    ])
  })

  test('are recorded thirty times a minute and address, and then it is said how many more there were', () => {
    const attempts = createAttempts(audit, () => undefined)
    for (let i = 0; i < 100; i++) attempts.record('ssh', `192.0.2.1:${i}`, 'x', 'again')
    attempts.record('ssh', '192.0.2.2:1', 'x', 'from elsewhere')
    expect(recorded).toHaveLength(31)
    vi.advanceTimersByTime(60_000)
    attempts.record('ssh', '192.0.2.1:7', 'x', 'again')
    expect(recorded.at(-1)?.personal.what).toBe('again (and 70 more that were not recorded one by one)')
  })

  test('are cut to what an entry takes', () => {
    createAttempts(audit, () => undefined).record('ssh', '192.0.2.1:5', 'x', 'w'.repeat(10_000), {
      attempt: { ...attempt, person: 'p'.repeat(10_000) },
    })
    expect(recorded[0]?.personal).toMatchObject({ what: 'w'.repeat(500), who: 'p'.repeat(256) })
  })

  test('that cannot be recorded are said in the log, and end nothing', async () => {
    const said: string[] = []
    const broken = { noteLater: async () => Promise.reject(new Error('no database')) } as unknown as Audit
    createAttempts(broken, (line) => said.push(line)).record('ssh', '192.0.2.1:5', 'x', 'again')
    await expect.poll(() => said).toEqual(['an attempt could not be recorded: Error: no database'])
  })
})
