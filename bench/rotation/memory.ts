import type { Bench } from '../contract.ts'
import { measured } from '../measurement.ts'
import { ownMemory } from '../processes.ts'
import { cases } from './cases.ts'
import type { Stand } from './stand.ts'

/** Ten thousand accounts in one run: what the process that rotates them has in the second half, against the first. */
export async function memory({ claviger, add }: Stand, bench: Bench): Promise<void> {
  const metric = 'rotation.memory'
  const one = cases.find((c) => c.metric === 'rotation.postgres')
  if (!one) return
  const many = bench.quick ? 500 : 10_000
  const samples = 10
  bench.report.say(`${metric}: ${many} accounts in one run`)
  const target = await one.harness.start()
  try {
    const seen: number[] = []
    await add('memory', one.harness.kind, target, one.credential, many, {
      bare: false,
      progress(done) {
        if (done >= ((seen.length + 1) * many) / samples) seen.push(ownMemory(claviger.pid('api')) / 1024 / 1024)
      },
    })
    const half = samples / 2
    const about = { metric, unit: 'MiB', anchor: 'the same process in the first half of the run', better: 'lower' } as const
    bench.report.measured(measured(about, { ours: seen.slice(half, samples), anchor: seen.slice(0, half) }))
  } finally {
    await target.stop()
  }
}
