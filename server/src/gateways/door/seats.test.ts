import { expect, test } from 'vitest'
import { type Seat, seats } from './seats.ts'

const nobody = () => {}

test('an address gets as many unauthenticated connections as the limit says, and another address is not affected', () => {
  const door = seats({ unauthenticatedPerAddress: 2, connections: 10 })
  expect(
    [door.take('a', nobody), door.take('a', nobody), door.take('a', nobody), door.take('b', nobody)].map((s) =>
      typeof s === 'string' ? s : 'seat',
    ),
  ).toEqual(['seat', 'seat', 'address', 'seat'])
})

test('who has signed in no longer counts against the address, but against the whole', () => {
  const door = seats({ unauthenticatedPerAddress: 1, connections: 2 })
  ;(door.take('a', nobody) as Seat).signedIn()
  const second = door.take('a', nobody) as Seat
  second.signedIn()
  expect(door.take('b', nobody)).toBe('door')
  second.leave()
  expect(typeof door.take('a', nobody)).toBe('object')
})

test('leaving twice frees one seat', () => {
  const door = seats({ unauthenticatedPerAddress: 5, connections: 2 })
  const first = door.take('a', nobody) as Seat
  for (const seat of [first, door.take('a', nobody) as Seat]) seat.signedIn()
  first.leave()
  first.leave()
  ;(door.take('a', nobody) as Seat).signedIn()
  expect(door.take('a', nobody)).toBe('door')
})

test('who has signed in keeps their seat; of those who wait it is the address with the most that gives one up, its oldest first', () => {
  const door = seats({ unauthenticatedPerAddress: 3, connections: 5 })
  const dropped: string[] = []
  const take = (address: string, name: string) => door.take(address, () => dropped.push(name))
  ;(take('here', 'alice') as Seat).signedIn()
  const bob = take('here', 'bob') as Seat
  for (const name of ['one', 'two', 'three']) take('flood', name)
  expect(take('flood', 'four')).toBe('door')
  expect(typeof take('there', 'carol')).toBe('object')
  expect(dropped).toEqual(['one'])
  expect(typeof take('far', 'dave')).toBe('object')
  expect(dropped).toEqual(['one', 'two'])
  bob.signedIn()
  bob.leave()
  // there is room again
  expect(typeof take('flood', 'five')).toBe('object')
  expect(dropped).toEqual(['one', 'two'])
})

test('nobody who waits is dropped where all have signed in', () => {
  const door = seats({ unauthenticatedPerAddress: 3, connections: 2 })
  for (const name of ['a', 'b']) (door.take(name, nobody) as Seat).signedIn()
  expect(door.take('c', nobody)).toBe('door')
})
