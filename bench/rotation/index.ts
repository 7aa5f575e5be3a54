import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured } from '../measurement.ts'
import { rotateBare } from './bare.ts'
import { type Case, cases } from './cases.ts'
import { memory, memoryMetrics } from './memory.ts'
import { openStand, type Stand } from './stand.ts'

/** Rotations through the whole product, and the same steps on the same target by a loop that has no vault, queue or ledger. */
export async function run(bench: Bench): Promise<void> {
  const wanted = cases.filter(({ metric }) => bench.wanted(metric))
  const ofMemory = memoryMetrics.some((metric) => bench.wanted(metric))
  if (wanted.length === 0 && !ofMemory) return
  const stand = await openStand()
  bench.closeWhenEnded(stand.close)
  try {
    for (const one of wanted) await bench.attempt(one.metric, () => compare(stand, one, bench))
    if (ofMemory) await bench.attempt('rotation.memory', () => memory(stand, bench))
  } finally {
    await stand.close()
  }
}

async function compare(stand: Stand, { metric, harness, credential, accounts: many }: Case, bench: Bench): Promise<void> {
  const n = bench.quick ? Math.ceil(many / 4) : many
  const target = await harness.start()
  try {
    bench.report.say(`${metric}: ${n} accounts, ${bench.runs} runs each of claviger and the bare loop`)
    const ours = await stand.add(metric.replaceAll(/[^a-z]/g, '-'), harness.kind, target, credential, n)
    const perMinute = async (work: () => Promise<void>): Promise<number> => {
      const begun = performance.now()
      await work()
      return (n / (performance.now() - begun)) * 60_000
    }
    const values = await inTurn(bench.runs, {
      ours: () => perMinute(ours.rotate),
      bare: () => perMinute(() => rotateBare(harness.kind, target, ours.bare, credential)),
    })
    const about = { metric, unit: '1/min', anchor: 'the same steps on the target, bare', better: 'higher' } as const
    bench.report.measured(measured(about, against(values, 'bare')))
  } finally {
    await target.stop()
  }
}
