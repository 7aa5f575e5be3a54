import { expect, test } from 'vitest'
import { ShareDesk } from './share-desk.ts'
import { splitRoot } from './split-root.ts'

/** A desk, its clock, and the shares that it takes. */
async function aDesk() {
  let now = Date.parse('2026-01-01T10:00:00Z')
  const desk = new ShareDesk(() => new Date(now))
  const { set, threshold, shares, digests, texts } = await splitRoot(new Uint8Array(32).fill(7), 5, 3)
  const seal = { kind: 'shamir' as const, set, threshold, shares, digests, former: [] }
  const lines = texts.toString().split('\n')
  return {
    desk,
    set,
    give: (number: number) => desk.offer(Buffer.from(lines[number - 1] ?? ''), [seal], '127.0.0.1'),
    pass: (seconds: number) => {
      now += seconds * 1000
    },
  }
}

test('shares are forgotten ten minutes after the first, and it says how long that is', async () => {
  const { desk, set, give, pass } = await aDesk()
  expect(desk.forgottenIn()).toBe(null)
  expect(give(2).ok).toBe(true)
  expect(desk.forgottenIn()).toBe(600)
  pass(540)
  expect(give(4)).toMatchObject({ ok: true, value: { progress: { given: 2, threshold: 3 } } })
  expect([desk.given(set), desk.forgottenIn()]).toEqual([2, 60])
  pass(59.5)
  expect([desk.given(set), desk.forgottenIn()]).toEqual([2, 1])
  pass(0.5)
  expect([desk.given(set), desk.forgottenIn()]).toEqual([0, null])
  expect(give(2).ok).toBe(true)
  expect([desk.given(set), desk.forgottenIn()]).toEqual([1, 600])
  desk.forget()
})
