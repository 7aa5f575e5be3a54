import { setTimeout as sleep } from 'node:timers/promises'
import { access, call } from '@claviger/api'
import { root } from '../support/claviger.ts'
import { type Program, startProgram } from '../support/process.ts'
import { Losses } from './losses/index.ts'
import { type Injection, type Part, parts } from './plan.ts'
import type { Random } from './random.ts'
import type { Report, Struck } from './report.ts'
import { strike } from './strike.ts'
import type { World } from './world.ts'

/** The steps of the tour itself (test/tour). */
const tourSteps = ['discover', 'vault', 'request', 'approve', 'connect', 'recording', 'end', 'ledger'] as const
type TourStep = (typeof tourSteps)[number]
const main = `${root}/test/tour/main.ts`

interface Outcome {
  step: TourStep
  ok: boolean
  evidence: { error?: string }
}

/**
 * Whole tours: in each of its steps each part is killed, at a random instant. A step that is struck may fail, and somebody
 * begins the tour anew, as a person would. Whatever comes before the next kill has to be as promised, and after each
 * round of all steps a tour in peace, from its beginning to its end.
 */
export async function runTours(world: World, random: Random, report: Report): Promise<void> {
  const losses = new Losses(world)
  await losses.keep()
  const order = random.shuffled(parts)
  let unstruck: string | undefined
  for (const [round] of parts.entries()) {
    const struck: Struck[] = []
    /** What became of the tour so far is said of the kill before it; before the first one, of the first one. */
    const judge = (trouble: string | undefined) => {
      const last = struck.at(-1)
      if (last) last.trouble ??= trouble
      else unstruck ??= trouble
    }
    for (const [at, step] of tourSteps.entries()) {
      const part = order[(at + round) % order.length] as Part
      const tour = await disturbedTour(world, random, step, part)
      judge(tour.before)
      if (tour.struck) struck.push(tour.struck)
      judge(tour.after ?? unstruck)
      if (tour.struck) unstruck = undefined
      report.say(`  ${step}: ${part} killed${tour.struck ? '' : ': not done, the tour did not come so far'}`)
    }
    judge(await peacefulTour(world))
    for (const one of struck) report.struck(one)
    try {
      await giveBack(world)
      await world.settled()
      report.lost(await losses.look([]))
    } catch (error) {
      report.lost([
        { kind: 'session', what: `tours of round ${round + 1}`, why: `they could not be looked through: ${(error as Error).message}` },
      ])
    }
  }
}

/** `before`: what was not as promised though nothing was struck yet. `after`: what did not come back. */
async function disturbedTour(
  world: World,
  random: Random,
  step: TourStep,
  part: Part,
): Promise<{ before?: string | undefined; struck?: Struck; after?: string | undefined }> {
  const tour = startTour(world)
  const at = tourSteps.indexOf(step)
  let before: string | undefined
  try {
    await outcomesOf(tour, at)
    before = notAsPromised(tour, tourSteps.slice(0, at))
    if (before !== undefined) return { before }
    const injection: Injection<TourStep> = { step, afterMs: random.between(0, 3_000), fault: { kind: 'kill', part } }
    await Promise.race([sleep(injection.afterMs), outcomesOf(tour, at + 1)])
    const began = performance.now()
    await strike(world, injection.fault)
    await outcomesOf(tour, at + 1)
    tour.child.kill('SIGINT')
    await tour.ended
    const after = await world
      .standUp()
      .then(() => world.quiet())
      .then(
        () => undefined,
        (error: Error) => error.message,
      )
    return { before, struck: { injection, trouble: undefined, seconds: (performance.now() - began) / 1000 }, after }
  } finally {
    tour.kill()
    await tour.ended
  }
}

async function peacefulTour(world: World): Promise<string | undefined> {
  const tour = startTour(world)
  await tour.ended
  return notAsPromised(tour, tourSteps)
}

const startTour = (world: World): Program =>
  startProgram(process.execPath, [main, '--json'], { seconds: 280, env: { ...world.claviger.env, CLAVIGER_SERVER: world.claviger.base } })

/** Waits until so many steps are over. */
async function outcomesOf(tour: Program, count: number): Promise<void> {
  while (!tour.over() && outcomes(tour).length < count) await sleep(50)
}

/** What is wrong with those of its steps that have to be over; undefined when nothing is. */
function notAsPromised(tour: Program, steps: readonly TourStep[]): string | undefined {
  const all = outcomes(tour)
  const bad = steps.flatMap((step) => {
    const outcome = all.find((o) => o.step === step)
    if (outcome?.ok) return []
    return [`${step}: ${outcome ? (outcome.evidence.error ?? 'not as promised') : `never came; it said ${tour.said().slice(-200)}`}`]
  })
  return bad.length === 0 ? undefined : `the tour was not as promised: ${bad.join('; ')}`
}

const outcomes = (tour: Program): Outcome[] =>
  tour
    .out()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Outcome)

/** A tour that was stopped leaves grants that its next beginning would have given back. */
async function giveBack({ people }: World): Promise<void> {
  const { grants } = await people.ask('alice', (api) => call(api, access.grants, { query: { state: 'active', limit: 50 } }))
  for (const { id, person } of grants)
    if (person.name === 'alice')
      await people.ask('alice', (api) => call(api, access.endGrant, { params: { id }, body: { reason: 'given back' } }))
}
