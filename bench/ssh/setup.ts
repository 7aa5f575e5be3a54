import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured, median } from '../measurement.ts'
import type { Stand } from './stand.ts'
import { timed, type Way } from './way.ts'

/** Log in, run a command that does nothing, log out. */
export async function setup({ ours, jump }: Stand, bench: Bench): Promise<void> {
  const metric = 'ssh.setup.p50'
  if (!bench.wanted(metric)) return
  const logins = bench.quick ? 3 : 15
  bench.report.say(`${metric}: ${logins} logins, ${bench.runs} runs each of claviger and ssh -J`)
  const p50 = (way: Way) => async () => {
    const times: number[] = []
    for (let login = 0; login < logins; login++) times.push((await timed(way, 'true')) * 1000)
    return median(times)
  }
  const values = await inTurn(bench.runs, { ours: p50(ours), jump: p50(jump) })
  bench.report.measured(measured({ metric, unit: 'ms', anchor: 'ssh -J', better: 'lower' }, against(values, 'jump')))
}
