import { expect, test } from 'vitest'
import type { Chorus } from '../../platform/crew/index.ts'
import { countByAddress } from './address-counts.ts'

/** Processes that hear each other at once. */
function crew(size: number): Chorus[] {
  const heard = Array.from({ length: size }, () => new Map<string, (value: never) => void>())
  return heard.map((own, index) => ({
    index,
    say(topic, value) {
      for (const other of heard) if (other !== own) other.get(topic)?.(value as never)
    },
    hear: (topic, told) => void own.set(topic, told),
  }))
}

test('processes that share a door count an address together, each thing by itself, for a minute', () => {
  let now = 0
  const [a, b] = crew(2)
  const [first, second] = [a, b].map((chorus) => countByAddress('wrong tickets', () => now, chorus))
  const other = countByAddress('attempts', () => now, a)
  expect([first?.add('192.0.2.1'), second?.add('192.0.2.1'), first?.add('192.0.2.1')]).toEqual([1, 2, 3])
  expect(second?.of('192.0.2.1')).toBe(3)
  expect([second?.of('192.0.2.2'), other.of('192.0.2.1')]).toEqual([0, 0])
  now = 60_000
  expect([first?.of('192.0.2.1'), second?.add('192.0.2.1')]).toEqual([0, 1])
})
