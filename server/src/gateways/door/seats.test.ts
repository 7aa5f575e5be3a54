import { expect, test } from 'vitest'
import { type Seat, seats } from './seats.ts'

test('an address gets as many unauthenticated connections as the limit says, and another address is not affected', () => {
  const door = seats({ unauthenticatedPerAddress: 2, connections: 10 })
  expect([door.take('a'), door.take('a'), door.take('a'), door.take('b')].map((s) => (typeof s === 'string' ? s : 'seat'))).toEqual([
    'seat',
    'seat',
    'address',
    'seat',
  ])
})

test('who has signed in no longer counts against the address, but against the whole', () => {
  const door = seats({ unauthenticatedPerAddress: 1, connections: 2 })
  ;(door.take('a') as Seat).signedIn()
  const second = door.take('a') as Seat
  expect(door.take('b')).toBe('door')
  second.leave()
  expect(typeof door.take('a')).toBe('object')
})

test('leaving twice frees one seat', () => {
  const door = seats({ unauthenticatedPerAddress: 5, connections: 2 })
  const first = door.take('a') as Seat
  door.take('a')
  first.leave()
  first.leave()
  expect(typeof door.take('a')).toBe('object')
  expect(door.take('a')).toBe('door')
})
