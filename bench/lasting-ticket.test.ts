import { expect, test } from 'vitest'
import { lastingTicket } from './lasting-ticket.ts'

test('a ticket serves many runs, and another is asked for before it has run out', async () => {
  let now = Date.parse('2026-11-23T06:00:00Z')
  let issued = 0
  const ticket = lastingTicket(
    async () => ({ ticket: `${++issued}`, expiresAt: new Date(now + 5 * 60_000).toISOString() }),
    () => now,
  )
  const seen = new Set<string>()
  for (let run = 0; run < 600; run++, now += 2_000) {
    const { ticket: text, expiresAt } = await ticket()
    expect(Date.parse(expiresAt) - now).toBeGreaterThanOrEqual(120_000)
    seen.add(text)
  }
  // twenty minutes of runs of two seconds: far from fifty in any five minutes
  expect([...seen]).toEqual(['1', '2', '3', '4', '5', '6', '7'])
})
