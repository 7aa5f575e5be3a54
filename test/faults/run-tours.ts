import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../support/claviger.ts'
import { type Program, runProgram, startProgram } from '../support/process.ts'
import { Losses } from './losses/index.ts'
import { parts } from './plan.ts'
import type { Random } from './random.ts'
import type { Report } from './report.ts'
import { strike } from './strike.ts'
import type { World } from './world.ts'

/** The steps of the tour itself (test/tour). */
const tourSteps = ['discover', 'vault', 'request', 'approve', 'connect', 'recording', 'end', 'ledger'] as const
const main = `${root}/test/tour/main.ts`

interface Outcome {
  step: string
  ok: boolean
  evidence: { error?: string }
}

/**
 * Whole tours, in each of whose steps another part is killed at a random instant. Such a tour may fail; what counts is that the
 * next one, in peace, is as promised in every step, and that nothing is lost.
 */
export async function runTours(world: World, random: Random, report: Report): Promise<void> {
  const losses = new Losses(world)
  await losses.keep()
  const order = random.shuffled(parts)
  for (const [round] of parts.entries()) {
    const struck = await disturbedTour(world, random, (step) => order[(step + round) % order.length] ?? 'api')
    await world.standUp()
    const trouble = await world
      .settled()
      .then(() => peacefulTour(world))
      .catch((error: Error) => error.message)
    for (const injection of struck) report.struck({ ...injection, trouble })
    await world.settled().catch(() => undefined)
    report.lost(await losses.look([]))
  }
}

const environment = ({ claviger }: World) => ({ ...claviger.env, CLAVIGER_SERVER: claviger.base })

async function disturbedTour(world: World, random: Random, victim: (step: number) => (typeof parts)[number]) {
  const program = startProgram(process.execPath, [main, '--json'], { seconds: 180, env: environment(world) })
  const struck = []
  for (const [at, step] of tourSteps.entries()) {
    await stepBegun(program, at)
    if (program.over()) break
    const afterMs = random.between(0, 2_500)
    await sleep(afterMs)
    const began = performance.now()
    const fault = { kind: 'kill', part: victim(at) } as const
    await strike(world, fault)
    await world.standUp()
    struck.push({ injection: { step, afterMs, fault }, seconds: (performance.now() - began) / 1000 })
  }
  await program.ended
  return struck
}

async function stepBegun(program: Program, number: number): Promise<void> {
  while (!program.over() && outcomes(program.out()).length < number) await sleep(50)
}

async function peacefulTour(world: World): Promise<string | undefined> {
  const { out, said } = await runProgram(process.execPath, [main, '--json'], { seconds: 180, env: environment(world) })
  const all = outcomes(out)
  if (all.length < tourSteps.length) return `the tour afterwards ended early: ${said.slice(-300)}`
  const bad = all.filter((o) => !o.ok).map((o) => `${o.step}: ${o.evidence.error ?? 'not as promised'}`)
  return bad.length === 0 ? undefined : `the tour afterwards was not as promised: ${bad.join('; ')}`
}

const outcomes = (text: string): Outcome[] =>
  text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Outcome)
