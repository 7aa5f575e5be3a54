import type { Bench } from '../contract.ts'
import { measured } from '../measurement.ts'
import { ownMemory, privateMemory, treeOf } from '../processes.ts'
import { cases } from './cases.ts'
import type { Stand } from './stand.ts'

const parts = ['api', 'keeper', 'database'] as const
const metricOf = (part: (typeof parts)[number]): string => `rotation.memory.${part}`
export const memoryMetrics = parts.map(metricOf)
const samples = 10
/** Of ten, those that are said besides: after a tenth, a half, all. */
const said = [1, 5, 10]

/** Ten thousand accounts in one run, all ordered at once: what each process that takes part has in the second half, against the first. */
export async function memory({ claviger, add }: Stand, bench: Bench): Promise<void> {
  const one = cases.find((c) => c.metric === 'rotation.postgres')
  if (!one) return
  const many = bench.quick ? 500 : 10_000
  bench.report.say(`rotation.memory: ${many} accounts in one run`)
  const target = await one.harness.start()
  try {
    const seen: Record<(typeof parts)[number], number>[] = []
    let begun = 0
    const progress = (done: number): void => {
      begun ||= performance.now()
      while (seen.length < samples && done >= ((seen.length + 1) * many) / samples) {
        const [api, keeper, database] = parts.map((part) => memoryOf(claviger.pid(part))) as [number, number, number]
        seen.push({ api, keeper, database })
        if (!said.includes(seen.length)) continue
        const now = parts.map((part) => `${part} ${seen.at(-1)?.[part].toFixed(0)} MiB`).join(', ')
        const shared = inMiB(claviger.pid('database'), ownMemory) - (seen.at(-1)?.database ?? 0)
        const after = ((performance.now() - begun) / 1_000).toFixed(0)
        bench.report.say(`rotation.memory: ${done} done after ${after} s: ${now}; PostgreSQL's buffers and files ${shared.toFixed(0)} MiB`)
      }
    }
    await add('memory', one.harness.kind, target, one.credential, many, { bare: false, progress })
    for (const part of parts) {
      const metric = metricOf(part)
      if (!bench.wanted(metric)) continue
      const all = seen.map((sample) => sample[part])
      const about = { metric, unit: 'MiB', anchor: 'the same process in the first half of the run', better: 'lower' } as const
      bench.report.measured(measured(about, { ours: all.slice(samples / 2), anchor: all.slice(0, samples / 2) }))
    }
  } finally {
    await target.stop()
  }
}

/** MiB of a process and its children: what is theirs alone. */
const memoryOf = (pid: number): number => inMiB(pid, privateMemory)
const inMiB = (pid: number, of: (pid: number) => number): number => treeOf(pid).reduce((sum, one) => sum + of(one), 0) / 1024 / 1024
