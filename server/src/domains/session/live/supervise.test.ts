import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ok } from '../../../kernel/result.ts'
import type { Watch } from './live.store.ts'
import { proofOf } from './presence-proof.ts'
import { type Supervision, supervise } from './supervise.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  supervision.stop()
  vi.useRealTimers()
})

const key = Buffer.alloc(32, 7)
const carol = { id: 'per_carol', state: 'active', groups: ['security'], introduced_by: null as string | null }
let supervision: Supervision

/** One watcher that answers what it gets, for as long as `answers` says so. */
async function observedBy(row: object, over: Partial<Watch> = {}) {
  const changes: string[] = []
  const watch = { id: 'wat_1', kind: 'announced', person: 'per_carol', name: 'carol', proof: null, ...over } as Watch
  let proof: Buffer | null = null
  const one = { answers: true, changes }
  supervision = supervise({
    keeper: { ask: async () => ok({ rows: [row] }) as never },
    log: () => {},
    session: 'ses_1' as never,
    person: 'per_alice' as never,
    key,
    send(id, challenge) {
      if (one.answers) proof = proofOf(key, { session: 'ses_1', watch: id, person: watch.person, kind: 'announced' }, challenge)
    },
    changed: (by) => changes.push(by?.name ?? 'nobody'),
  })
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      supervision.watched([{ ...watch, proof }])
      await vi.advanceTimersByTimeAsync(50)
    }
  }
  await pass(1_000)
  return { ...one, pass, stop: () => (one.answers = false), changes }
}

test('an officer who answers is there, and one who stops answering is not a second later', async () => {
  const { changes, pass, stop } = await observedBy(carol)
  expect(changes).toEqual(['carol'])
  stop()
  await pass(500)
  expect(supervision.observed).toBe(true)
  await pass(1_000)
  expect(supervision.observed).toBe(false)
  expect(changes).toEqual(['carol', 'nobody'])
})

test('an answer is good once: an old one proves nothing', async () => {
  const { changes, stop, pass } = await observedBy(carol)
  stop()
  await pass(5_000)
  expect(changes).toEqual(['carol', 'nobody'])
})

test.each([
  ['the person themselves', { ...carol, id: 'per_alice' }, { person: 'per_alice' }],
  ['somebody whom the person brought in', { ...carol, introduced_by: 'per_alice' }, {}],
  ['somebody who may not watch', { ...carol, groups: ['engineers', 'administrators'] }, {}],
  ['somebody who was disabled', { ...carol, state: 'disabled' }, {}],
  ['somebody whom the keeper does not know', {}, {}],
  ['a covert watcher', carol, { kind: 'covert' }],
])('%s is no observer, with the right answers too', async (_who, row, over) => {
  const { changes } = await observedBy(row, over as never)
  expect(supervision.observed).toBe(false)
  expect(changes).toEqual([])
})
