import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured } from '../measurement.ts'
import { type Load, type Protocol, transactionsPerSecond, type Way } from './pgbench.ts'
import { openStand, type Stand } from './stand.ts'

const protocols: readonly Protocol[] = ['simple', 'extended', 'prepared']

/** pgbench through the whole product and through PgBouncer, both with TLS to the client and SCRAM to the database. */
export async function run(bench: Bench): Promise<void> {
  const loads = (['select', 'tpcb'] as const).flatMap((work) =>
    protocols.flatMap((protocol) => [8, 32].map((clients): Omit<Load, 'transactions'> => ({ work, protocol, clients }))),
  )
  const wanted = loads.filter((load) => bench.wanted(nameOf(load)))
  if (wanted.length === 0) return
  // tpcb-like with fewer branches than clients measures who waits for whom
  const stand = await openStand(bench.quick && !wanted.some(({ work }) => work === 'tpcb') ? 1 : 32)
  bench.closeWhenEnded(stand.close)
  try {
    for (const load of wanted) await bench.attempt(nameOf(load), () => compare(stand, load, bench))
  } finally {
    await stand.close()
  }
}

async function compare(stand: Stand, load: Omit<Load, 'transactions'>, bench: Bench): Promise<void> {
  const metric = nameOf(load)
  const [fewest, seconds] = bench.quick ? [10, 1] : [50, 10]
  // as many as PgBouncer carries in that time
  const pace = await transactionsPerSecond(stand.pgbouncer, { ...load, transactions: fewest })
  const transactions = Math.max(fewest, Math.ceil((pace * seconds) / load.clients))
  bench.report.say(`${metric}: ${transactions} transactions of each client, ${bench.runs} runs each of claviger and PgBouncer`)
  const tps = (way: Way) => async () => {
    const value = await transactionsPerSecond(way, { ...load, transactions })
    stand.forgetRecordings()
    return value
  }
  const values = await inTurn(bench.runs, { ours: tps(stand.ours), pgbouncer: tps(stand.pgbouncer) })
  const about = { metric, unit: 'tps', anchor: 'PgBouncer, session mode', better: 'higher' } as const
  bench.report.measured(measured(about, against(values, 'pgbouncer')))
}

const nameOf = ({ work, protocol, clients }: Omit<Load, 'transactions'>): string => `pg.${work}.${protocol}.c${clients}`
