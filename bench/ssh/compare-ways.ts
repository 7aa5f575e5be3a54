import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured } from '../measurement.ts'
import type { Stand } from './stand.ts'
import type { Way } from './way.ts'

const MiB = 1024 * 1024

/** How fast the file goes each way, against `program` straight to the host and through a jump host. `speed` answers MiB/s. */
export async function compareWays(
  { ours, direct, jump, file, forgetRecordings }: Stand,
  bench: Bench,
  { metric, program }: { metric: string; program: 'ssh' | 'sftp' },
  speed: (way: Way) => Promise<number>,
): Promise<void> {
  if (!bench.wanted(metric)) return
  bench.report.say(`${metric}: ${file.bytes / MiB} MiB of random bytes, ${bench.runs} runs each of claviger, ssh direct and ssh -J`)
  const values = await inTurn(bench.runs, {
    ours: async () => {
      const value = await speed(ours)
      forgetRecordings()
      return value
    },
    direct: () => speed(direct),
    jump: () => speed(jump),
  })
  const about = { unit: 'MiB/s', better: 'higher' } as const
  const anchor = (how: string) => `${program} ${how}, chacha20-poly1305`
  bench.report.measured(measured({ metric, anchor: anchor('direct'), ...about }, against(values, 'direct')))
  bench.report.measured(measured({ metric: `${metric}.vs_jump`, anchor: anchor('-J'), ...about }, against(values, 'jump')))
}
