import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { Keeper } from '../keeper/client.ts'
import { keepCertificate } from './keep-certificate.ts'

const day = 24 * 3_600_000
const noon = Date.parse('2026-03-01T12:00:00Z')

beforeEach(() => vi.useFakeTimers({ now: noon }))
afterEach(() => vi.useRealTimers())

/** A keeper that certifies for a day from now on, and may be away. */
async function keeping() {
  const keeper = {
    away: false,
    asked: 0,
    ask: async () => {
      keeper.asked++
      if (keeper.away) throw new Error('the keeper does not answer')
      return { ok: true, value: { certificate: `number ${keeper.asked}`, validUntil: new Date(Date.now() + day).toISOString() } }
    },
  }
  const said: string[] = []
  const kept = await keepCertificate(keeper as unknown as Keeper, (line) => said.push(line))
  onTestFinished(kept.stop)
  const given: string[] = []
  kept.onRenewed(({ certificate }) => given.push(certificate))
  return { keeper, given, said }
}

test('a certificate is replaced at half of its life, not before', async () => {
  const { given } = await keeping()
  await vi.advanceTimersByTimeAsync(day / 2 - 60_000)
  expect(given).toEqual([])
  await vi.advanceTimersByTimeAsync(120_000)
  expect(given).toEqual(['number 2'])
})

test.each([
  ['a day ahead', day],
  ['a day behind', -day],
])('one that was made while the clock was %s is replaced within seconds when the clock is right again', async (_, wrong) => {
  vi.setSystemTime(noon + wrong)
  const { given } = await keeping()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(given).toEqual([])
  vi.setSystemTime(noon)
  await vi.advanceTimersByTimeAsync(6_000)
  expect(given).toEqual(['number 2'])
})

test('a keeper that is away is asked every minute, and what there is stays', async () => {
  const { keeper, given, said } = await keeping()
  keeper.away = true
  await vi.advanceTimersByTimeAsync(day / 2 + 5_000)
  expect(keeper.asked).toBe(2)
  await vi.advanceTimersByTimeAsync(120_000)
  expect(keeper.asked).toBe(4)
  expect(said[0]).toMatch(/was not renewed/)
  keeper.away = false
  await vi.advanceTimersByTimeAsync(65_000)
  expect(given).toEqual(['number 5'])
})
