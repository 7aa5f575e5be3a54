import { expect, test } from 'vitest'
import { inWords, parts, plan, steps } from './plan.ts'
import { randomFrom } from './random.ts'

const nothing = { disks: false, clock: false, packets: false }
const everything = { disks: true, clock: true, packets: true }

test('the same seed plans the same faults at the same instants, another seed others', () => {
  expect(plan(randomFrom(7), 'full', everything)).toEqual(plan(randomFrom(7), 'full', everything))
  expect(plan(randomFrom(7), 'full', everything)).not.toEqual(plan(randomFrom(8), 'full', everything))
})

test.each([
  ['quick', 30],
  ['full', 100],
] as const)('a %s run has %i injections and kills every part in every step', (size, count) => {
  const planned = plan(randomFrom(1), size, everything)
  expect(planned).toHaveLength(count)
  const killed = planned.flatMap(({ step, fault }) => (fault.kind === 'kill' ? [`${fault.part} in ${step}`] : []))
  expect(new Set(killed)).toEqual(new Set(parts.flatMap((part) => steps.map((step) => `${part} in ${step}`))))
})

test('each five are one errand: one injection for each step, in their order', () => {
  const planned = plan(randomFrom(3), 'full', everything)
  expect(planned.map(({ step }) => step)).toEqual(planned.map((_, at) => steps[at % steps.length]))
})

test('a full run has every kind of fault; without root and libfaketime as many, of the other kinds', () => {
  const kinds = (means: typeof everything) => new Set(plan(randomFrom(5), 'full', means).map(({ fault }) => fault.kind))
  expect(kinds(everything)).toEqual(new Set(['kill', 'freeze', 'half-open', 'disk', 'clock']))
  expect(kinds(nothing)).toEqual(new Set(['kill', 'freeze', 'half-open']))
  expect(plan(randomFrom(5), 'full', nothing)).toHaveLength(100)
})

test('the database is away for a minute once in a full run', () => {
  const minutes = plan(randomFrom(5), 'full', everything).filter(({ fault }) => 'ms' in fault && fault.ms >= 60_000)
  expect(minutes.map(({ fault }) => inWords(fault))).toEqual(['database frozen for 60.0 s'])
})

test('each part is killed while somebody works and while they come in, and each target is half-open in both ways', () => {
  const planned = plan(randomFrom(5), 'full', everything)
  const killed = planned.flatMap(({ step, inside, fault }) =>
    step === 'connect' && fault.kind === 'kill' ? [`${fault.part} ${inside ? 'inside' : 'before'}`] : [],
  )
  expect(new Set(killed)).toEqual(new Set(parts.flatMap((part) => [`${part} inside`, `${part} before`])))
  const halfOpen = planned.flatMap(({ fault }) => (fault.kind === 'half-open' ? [`${fault.target} ${fault.how}`] : []))
  expect(new Set(halfOpen)).toEqual(new Set(['web01 silent', 'web01 lost', 'orders-db silent', 'orders-db lost']))
})
