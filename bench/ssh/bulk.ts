import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured } from '../measurement.ts'
import type { Stand } from './stand.ts'
import { timed, type Way } from './way.ts'

const MiB = 1024 * 1024

/** One file each way through a command's output and input. The time includes the login on every side. */
export async function bulk({ ours, direct, jump, file, forgetRecordings }: Stand, bench: Bench): Promise<void> {
  const speed = async (way: Way, up: boolean) => {
    const seconds = up ? await timed(way, 'cat > /dev/null', file.here) : await timed(way, `cat ${file.there}`)
    return file.bytes / MiB / seconds
  }
  for (const direction of ['down', 'up'] as const) {
    const metric = `ssh.bulk.${direction}`
    if (!bench.wanted(metric)) continue
    bench.report.say(`${metric}: ${file.bytes / MiB} MiB of random bytes, ${bench.runs} runs each of claviger, ssh direct and ssh -J`)
    const up = direction === 'up'
    const values = await inTurn(bench.runs, {
      ours: async () => {
        const value = await speed(ours, up)
        forgetRecordings()
        return value
      },
      direct: () => speed(direct, up),
      jump: () => speed(jump, up),
    })
    const about = { unit: 'MiB/s', better: 'higher' } as const
    bench.report.measured(measured({ metric, anchor: 'ssh direct, chacha20-poly1305', ...about }, against(values, 'direct')))
    bench.report.measured(measured({ metric: `${metric}.vs_jump`, anchor: 'ssh -J, chacha20-poly1305', ...about }, against(values, 'jump')))
  }
}
