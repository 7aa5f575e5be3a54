import { expect, test } from 'vitest'
import { randomFrom } from '../random.ts'
import { everyFault, goesOn, inWords, type Means, plan } from './plan.ts'

const means: Means = { disks: true, packets: true, roads: ['ssh', 'postgres', 'mysql'] }
/** People work in five sessions at the same time, and a fault meets each. */
const sessions = 5

test('a full run does everything at least three times, and meets more than two hundred sessions', () => {
  const turns = plan(randomFrom(1), 'full', means)
  for (const fault of everyFault(means))
    expect(
      turns.filter((turn) => JSON.stringify(turn.fault) === JSON.stringify(fault)).length,
      JSON.stringify(fault),
    ).toBeGreaterThanOrEqual(3)
  expect(turns.length * sessions).toBeGreaterThan(200)
  expect(turns.filter(({ again }) => again).length).toBeGreaterThan(turns.length / 3)
})

test('the same seed gives the same faults, another one others', () => {
  expect(plan(randomFrom(3), 'full', means)).toEqual(plan(randomFrom(3), 'full', means))
  expect(plan(randomFrom(3), 'full', means)).not.toEqual(plan(randomFrom(4), 'full', means))
})

test('what a machine cannot do is left out, and some of what people saw is older than a second when it happens', () => {
  const turns = plan(randomFrom(5), 'quick', { disks: false, packets: false, roads: [] })
  expect(turns.some(({ fault }) => fault.kind === 'disk-full' || fault.kind.endsWith('-lost') || fault.kind === 'target-cut')).toBe(false)
  expect(turns.every(({ afterMs, lateMs }) => afterMs > 1_000 && lateMs < afterMs)).toBe(true)
})

test('the shortest run has each of the gravest once, a cut network and a full disk among them; a wrong order is shown by what shows it', () => {
  const faultsOf = (...how: Parameters<typeof plan>) => plan(...how).map(({ fault }) => inWords(fault))
  expect(faultsOf(randomFrom(6), 'gravest', { ...means, roads: [] }).toSorted()).toEqual([
    'all clients cut off',
    'everything killed',
    'gateway killed',
    'no room for recordings',
  ])
  expect(faultsOf(randomFrom(6), 'gravest', means, 'unheard')).toEqual(['no room for recordings'])
  expect(faultsOf(randomFrom(6), 'full', means, 'show-first')).toEqual(Array(3).fill('gateway killed'))
})

test('a session ends by what takes its gateway, its target or its recording away, and by nothing else', () => {
  const turn = { afterMs: 0, lateMs: 0 }
  expect(goesOn({ ...turn, fault: { kind: 'kill', part: 'gateway' } }, 'ssh')).toBe(false)
  expect(goesOn({ ...turn, fault: { kind: 'kill', part: 'database' } }, 'ssh')).toBe(true)
  expect(goesOn({ ...turn, fault: { kind: 'kill', part: 'api' }, again: { part: 'gateway', afterMs: 1 } }, 'ssh')).toBe(false)
  expect(goesOn({ ...turn, fault: { kind: 'target-cut', wire: 'mysql' } }, 'mysql')).toBe(false)
  expect(goesOn({ ...turn, fault: { kind: 'target-cut', wire: 'mysql' } }, 'postgres')).toBe(true)
})
