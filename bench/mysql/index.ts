import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured } from '../measurement.ts'
import { openStand, type Stand } from './stand.ts'
import { type Load, selectsPerSecond, type Way } from './sysbench.ts'

/** sysbench's point selects through the whole product and through a bare relay, both with TLS on either side, and direct beside them. */
export async function run(bench: Bench): Promise<void> {
  const loads = (['text', 'prepared'] as const).flatMap((protocol) => [8, 32].map((clients): Load => ({ protocol, clients })))
  const wanted = loads.filter((load) => bench.wanted(nameOf(load)))
  if (wanted.length === 0) return
  const stand = await openStand()
  bench.closeWhenEnded(stand.close)
  try {
    for (const load of wanted) await bench.attempt(nameOf(load), () => compare(stand, load, bench))
  } finally {
    await stand.close()
  }
}

async function compare(stand: Stand, load: Load, bench: Bench): Promise<void> {
  const metric = nameOf(load)
  const seconds = bench.quick ? 2 : 10
  bench.report.say(`${metric}: ${seconds} s, ${bench.runs} runs each of claviger, a bare relay and direct`)
  const rate = (way: Way) => async () => {
    const value = await selectsPerSecond(way, load, seconds)
    stand.forgetRecordings()
    return value
  }
  const values = await inTurn(bench.runs, { ours: rate(stand.ours), relay: rate(stand.relay), direct: rate(stand.direct) })
  const about = { unit: 'selects/s', better: 'higher' } as const
  bench.report.measured(measured({ ...about, metric, anchor: 'a bare relay, TLS on both sides' }, against(values, 'relay')))
  bench.report.measured(measured({ ...about, metric: `${metric}.vs_direct`, anchor: 'direct, TLS' }, against(values, 'direct')))
}

const nameOf = ({ protocol, clients }: Load): string => `mysql.select.${protocol}.c${clients}`
