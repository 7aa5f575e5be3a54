import { afterEach, expect, test, vi } from 'vitest'
import { Masker } from './masker.ts'

let masker: Masker | undefined
afterEach(async () => {
  vi.useRealTimers()
  await masker?.close()
})

test('a thread that takes long to begin is waited for: what was asked meanwhile is read by the parser, not masked blindly', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  masker = new Masker()
  const asked = ["select 'a'", "select 'b', 'c'"].map((sql) => masker?.mask(sql))
  vi.advanceTimersByTime(6_000)
  expect(await Promise.all(asked)).toMatchObject([
    { sql: "select 'a'", masked: false },
    { sql: "select 'b', 'c'", masked: false },
  ])
})

test('one that never begins is not waited for beyond half a minute, and nothing is shown that nobody looked at', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  masker = new Masker()
  const asked = masker.mask("select 'a'")
  vi.advanceTimersByTime(30_000)
  expect(await asked).toMatchObject({ sql: "select '[masked]'", masked: true, sensitive: true })
})

test('who asks whether it is ready waits for the thread, once, and no longer than half a minute', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  masker = new Masker()
  const told: string[] = []
  const waiting = masker.ready().then(() => told.push('ready'))
  await Promise.resolve()
  expect(told).toEqual([])
  await waiting
  await masker.ready()
  expect(vi.getTimerCount(), 'no wait is left that would end by time').toBe(0)

  const never = new Masker()
  const given = never.ready()
  vi.advanceTimersByTime(30_000)
  await given
  await never.close()
})
