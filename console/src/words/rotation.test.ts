import { expect, test } from 'vitest'
import { orderState } from './rotation.ts'

test('an ordered rotation has one word: whether it waits for its time, for another try, or for somebody', () => {
  const order = { state: 'waiting', failures: 0, byReconciler: false } as const
  expect(orderState(order).word).toBe('Due')
  expect(orderState({ ...order, failures: 2 }).word).toBe('Tried again')
  expect(orderState({ ...order, failures: 3, byReconciler: true }).word).toBe('Being reset')
  expect(orderState({ ...order, state: 'held', failures: 3 })).toEqual({ word: 'Held', tone: 'bad' })
})
