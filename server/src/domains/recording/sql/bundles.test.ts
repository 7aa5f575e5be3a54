import { expect, test } from 'vitest'
import { Bundles, type Member } from './bundles.ts'

const member = (catchUp: () => void, failed: (error: unknown) => void = () => expect.unreachable()): Member => ({ catchUp, failed })

test('what waits is done a moment later, once for all of it', async () => {
  const bundles = new Bundles()
  const { promise, resolve } = Promise.withResolvers<void>()
  let done = 0
  const one = member(() => {
    done += 1
    resolve()
  })
  for (let i = 0; i < 5; i++) bundles.add(one)
  expect(done).toBe(0)
  await promise
  expect(done).toBe(1)
})

test('much that waits is done at once', () => {
  const bundles = new Bundles()
  let done = 0
  const [one, other] = [member(() => done++), member(() => done++)]
  for (let i = 0; i < 64; i++) {
    bundles.add(one)
    bundles.add(other)
  }
  expect(done).toBe(2)
})

test('where one fails it is told so, and the others are done all the same', () => {
  const bundles = new Bundles()
  const told: unknown[] = []
  let done = 0
  const broken = member(
    () => {
      throw new Error('no')
    },
    (error) => told.push(error),
  )
  bundles.add(broken)
  const other = member(() => done++)
  for (let i = 0; i < 127; i++) bundles.add(other)
  expect([told, done]).toEqual([[new Error('no')], 1])
})
