import type { Bench } from '../contract.ts'
import { against, inTurn } from '../in-turn.ts'
import { measured } from '../measurement.ts'
import { type Load, type Protocol, transactionsPerSecond, type Way } from './pgbench.ts'
import { openStand } from './stand.ts'

const protocols: readonly Protocol[] = ['simple', 'extended', 'prepared']

/** pgbench through the whole product and through PgBouncer, both with TLS to the client and SCRAM to the database. */
export async function run(bench: Bench): Promise<void> {
  const loads = (['select', 'tpcb'] as const).flatMap((work) =>
    protocols.flatMap((protocol) => [8, 32].map((clients): Omit<Load, 'transactions'> => ({ work, protocol, clients }))),
  )
  const wanted = loads.filter((load) => bench.wanted(nameOf(load)))
  if (wanted.length === 0) return
  const stand = await openStand(bench.quick ? 1 : 32)
  try {
    const seconds = bench.quick ? 1 : 10
    for (const load of wanted) {
      const metric = nameOf(load)
      // as many as PgBouncer carries in that time
      const pace = await transactionsPerSecond(stand.pgbouncer, { ...load, transactions: 50 })
      const transactions = Math.max(50, Math.ceil((pace * seconds) / load.clients))
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
  } finally {
    await stand.close()
  }
}

const nameOf = ({ work, protocol, clients }: Omit<Load, 'transactions'>): string => `pg.${work}.${protocol}.c${clients}`
