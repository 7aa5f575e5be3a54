import { setTimeout as sleep } from 'node:timers/promises'
import { Errand, type Seen } from './errand.ts'
import { Losses } from './losses/index.ts'
import { type Fault, type Injection, inWords } from './plan.ts'
import type { Report } from './report.ts'
import { NotPossible, strike } from './strike.ts'
import type { World } from './world.ts'

/** Errand after errand; in each of its steps one thing goes wrong. After each errand everything is looked through. */
export async function runErrands(world: World, plan: readonly Injection[], report: Report): Promise<void> {
  const losses = new Losses(world)
  await losses.keep()
  const seen: Seen[] = []
  for (let number = 0, at = 0; at < plan.length; number++, at += 5) {
    const errand = new Errand(world, number)
    for (const injection of plan.slice(at, at + 5)) {
      await injectInto(world, errand, injection, report)
      if (!world.claviger.running()) await world.standUp()
    }
    seen.push(...errand.seen)
    try {
      await errand.finish()
      await world.settled()
      report.lost(await losses.look(seen))
    } catch (error) {
      report.lost([{ kind: 'session', what: `errand ${number}`, why: `it could not be looked through: ${(error as Error).message}` }])
    }
  }
}

async function injectInto(world: World, errand: Errand, injection: Injection, report: Report): Promise<void> {
  const { step, afterMs, inside, fault } = injection
  const whyNot = (work: Promise<void>) =>
    work.then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
  let work = whyNot(errand.run(step))
  if (inside) await work
  await sleep(afterMs)
  const before = errand.connection
  const began = performance.now()
  let trouble: string | undefined
  try {
    await strike(world, fault)
    await world.standUp()
    trouble = await work
    // who is in goes on with what they do
    if (inside && trouble === undefined) work = whyNot(errand.run(step))
    trouble ??= await work
  } catch (error) {
    if (error instanceof NotPossible) {
      await work
      return report.say(`- ${inWords(fault)}: left out, ${error.message}`)
    }
    trouble = (error as Error).message
    await work
  }
  if (trouble === undefined && before && step !== 'end' && before !== errand.connection && !cuts(fault))
    trouble = 'the session that was open was cut, though what it needs was there'
  report.struck({ injection, trouble, seconds: (performance.now() - began) / 1000 })
}

/** Faults after which a running session cannot go on, or must not. */
function cuts(fault: Fault): boolean {
  if (fault.kind === 'kill') return fault.part === 'supervisor' || fault.part === 'gateway'
  // with a restart everything is cut; a day ahead the grant is over; where nothing can be recorded, nothing goes on
  return fault.kind === 'clock' || fault.kind === 'disk' || fault.kind === 'half-open'
}
