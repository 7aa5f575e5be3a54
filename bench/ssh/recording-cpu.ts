import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured } from '../measurement.ts'
import { processorSeconds } from '../processes.ts'
import type { Stand } from './stand.ts'
import { startUnrecorded } from './unrecorded.ts'
import { timed, type Way } from './way.ts'

/** Processor time of the gateway for each byte that it carries, and of the same gateway when nothing is written down. */
export async function recordingCpu({ claviger, ours, file, forgetRecordings }: Stand, bench: Bench): Promise<void> {
  const metric = 'ssh.recording.cpu'
  if (!bench.wanted(metric)) return
  bench.report.say(`${metric}: ${bench.runs} runs each of the gateway as it is and of its code without recording`)
  const without = await startUnrecorded()
  const spent = async (way: Way, pids: readonly number[], path: string) => {
    const used = () => pids.reduce((sum, pid) => sum + processorSeconds(pid), 0)
    const before = used()
    await timed(way, `cat ${path}`)
    return ((used() - before) * 1e9) / file.bytes
  }
  try {
    const values = await inTurn(bench.runs, {
      ours: async () => {
        const value = await spent(ours, claviger.carriers(), file.there)
        forgetRecordings()
        return value
      },
      // its target is an sshd on this machine, which reads the same bytes
      without: () => spent(without.way, [without.pid], file.here),
    })
    const anchor = 'the same gateway without recording'
    bench.report.measured(measured({ metric, unit: 'ns/byte', anchor, better: 'lower' }, against(values, 'without')))
  } finally {
    await without.stop()
  }
}
