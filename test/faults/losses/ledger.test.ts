import { expect, test } from 'vitest'
import { openIntents } from './ledger.ts'

const line = (id: string, phase: string, over: object = {}) =>
  JSON.stringify({
    place: 1,
    id,
    bytes: Buffer.from(JSON.stringify({ id, act: 'rotation.begun', phase, intent: null, fields: {}, ...over })).toString('base64'),
  })

test('an intent is closed by an outcome that names it', () => {
  expect(openIntents([line('ent_a', 'intent'), line('ent_b', 'outcome', { intent: 'ent_a' })])).toEqual([])
})

test('an intent that nobody closed is lost', () => {
  expect(openIntents([line('ent_a', 'intent'), line('ent_b', 'done', { intent: 'ent_a' })])).toMatchObject([
    { kind: 'intent', what: 'rotation.begun ent_a' },
  ])
})

test("an interrupted session's outcome names the session", () => {
  const about = { fields: { session: 'ses_a' } }
  expect(openIntents([line('ent_a', 'intent', about), line('ent_b', 'outcome', about)])).toEqual([])
  expect(openIntents([line('ent_a', 'intent', about), line('ent_b', 'outcome', { fields: { session: 'ses_b' } })])).toHaveLength(1)
})

test('checkpoints and the header are no entries', () => {
  expect(openIntents([JSON.stringify({ format: 1 }), JSON.stringify({ checkpoint: 'note' })])).toEqual([])
})
