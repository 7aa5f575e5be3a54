import type { Random } from '../random.ts'
import { onTheWay, type Step, steps } from './steps.ts'

/** `everything`: supervisor, keeper, api, gateway and database at once, as when the power goes. */
export type Part = 'api' | 'keeper' | 'database' | 'supervisor' | 'everything'

/** What happens to rotations that were begun at the same time: one on each of several targets, or `together` several on each of a few. */
export type Batch =
  /** One part is killed while each rotation waits at a step of its own; in the recovery from that, so much later, another. */
  | { kind: 'at-steps'; part: Part; together: boolean; steps: readonly Step[]; again?: { part: Part; afterMs: number } }
  /** One part is killed at an instant; what is in flight then is seen. */
  | { kind: 'at-instant'; part: Part; together: boolean; afterMs: number }
  /** Each target's network is cut when so much of what such an act usually sends or is answered went that way. */
  | { kind: 'cuts'; cuts: readonly Cut[] }

export interface Cut {
  step: (typeof onTheWay)[number]
  which: 'sent' | 'answered'
  /** 0 to 1. */
  share: number
  /** So many bytes before its end instead: most of what goes either way is about certificates and keys, and the change is behind them. */
  last?: number
}

/** As many rotations at once as the api's connections to the database suffice for, with some of them held inside of a transaction. */
export const atOnce = 6
/** Coprime to the number of steps: in one batch no two rotations wait at the same step, and over all offsets each waits at each. */
const stride = 5

const stepsFrom = (offset: number): Step[] =>
  Array.from({ length: atOnce }, (_, at) => steps[(offset + at * stride) % steps.length] as Step)

/** `at` counts the batches that are struck by this one again. */
function again(random: Random, at: number): { again?: { part: Part; afterMs: number } } {
  if (at % 2 !== 0) return {}
  const part = random.shuffled(['api', 'keeper', 'database'] as const)[0] as Part
  return { again: { part, afterMs: random.between(300, 4_000) } }
}

function atSteps(random: Random, part: Part, offsets: readonly number[]): Batch[] {
  return offsets.map((offset, at) => ({
    ...{ kind: 'at-steps', part, together: at % 3 === 1, steps: stepsFrom(offset) },
    ...again(random, at),
  }))
}

function cuts(random: Random, count: number): Batch[] {
  return Array.from({ length: count }, () => ({
    kind: 'cuts',
    cuts: Array.from({ length: atOnce }, (_, at): Cut => {
      // on the way there, so that the target may not have heard; or on the way back, so that we do not hear that it has
      const which = at % 2 === 0 ? 'sent' : 'answered'
      const step = random.between(0, 3) === 0 ? onTheWay[1] : onTheWay[0]
      // the answer to the change itself is short, and what closes the connection behind it as well
      const last = which === 'sent' ? random.between(1, 400) : random.between(10, 120)
      return { step, which, share: random.next(), ...(random.between(0, 2) > 0 && { last }) }
    }),
  }))
}

const instants = (random: Random, parts: readonly Part[]): Batch[] =>
  parts.map((part, at) => ({ kind: 'at-instant', part, together: at % 2 === 1, afterMs: random.between(50, 2_500) }))

/**
 * The batches of a run, in an order of their own.
 * - quick: about 30 injections with four targets, for every run of the tests
 * - full: more than 500 with eight
 * - keeper: of the full one the batches in which the keeper is killed at a step, where a candidate that only it knows would be lost
 */
export function plan(random: Random, size: 'quick' | 'full' | 'keeper'): Batch[] {
  const all = steps.map((_, at) => at)
  if (size === 'keeper') return random.shuffled(atSteps(random, 'keeper', all))
  const some = (count: number) => random.shuffled(all).slice(0, count)
  if (size === 'quick') {
    const kills = (['api', 'keeper', 'database', 'everything'] as const).flatMap((part) => atSteps(random, part, some(1)))
    return random.shuffled([...kills, ...instants(random, ['api']), ...cuts(random, 4)])
  }
  return random.shuffled([
    ...(['api', 'keeper', 'database'] as const).flatMap((part) => atSteps(random, part, all)),
    ...(['supervisor', 'everything'] as const).flatMap((part) => atSteps(random, part, some(8))),
    ...instants(random, ['api', 'api', 'keeper', 'keeper', 'database', 'database', 'supervisor', 'everything']),
    ...cuts(random, 18),
  ])
}
