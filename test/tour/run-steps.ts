import { endAll } from './processes.ts'
import { Proof } from './proof.ts'
import type { Step, Tour } from './tour.ts'

/** What became of one step: one line of `--json`. */
export interface Outcome {
  step: Step['name']
  ok: boolean
  ms: number
  evidence: Record<string, unknown>
}

export interface Report {
  begun(step: Step): void
  over(step: Step, outcome: Outcome): void
}

/** Runs the steps in order, each whatever became of the others, and all of them within `seconds`. Never throws. */
export async function runSteps(steps: readonly Step[], tour: Tour, seconds: number, report: Report): Promise<boolean> {
  const until = performance.now() + seconds * 1000
  let allOk = true
  for (const step of steps) {
    report.begun(step)
    const began = performance.now()
    const proof = new Proof()
    const error = await withinTime(step.run(tour, proof), until - began, seconds)
    if (error !== undefined) proof.show('error', error)
    allOk &&= error === undefined
    report.over(step, { step: step.name, ok: error === undefined, ms: Math.round(performance.now() - began), evidence: proof.evidence })
  }
  return allOk
}

/** Undefined when the work was done, else what was wrong with it. Work that takes too long loses its processes. */
async function withinTime(work: Promise<void>, leftMs: number, seconds: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    const giveUp = () => {
      endAll()
      resolve(`the ${seconds} s of the whole tour are over`)
    }
    timer = setTimeout(giveUp, Math.max(0, leftMs))
  })
  const done = work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  try {
    return await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
  }
}
