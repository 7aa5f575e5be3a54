import type { Bench } from '../contract.ts'
import { inTurn } from '../in-turn.ts'
import { measured } from '../measurement.ts'
import { transactionsPerSecond } from '../postgres/pgbench.ts'
import { ask } from './load.ts'
import { openStand, type Stand } from './stand.ts'

const connections = 512
const pgbenchClients = 8

/**
 * Credential reads a second through the API: token check, policy and an entry in the ledger that is signed before the answer, which those of one ticket at
 * one moment share. Sealed credentials come from the database for each batch of reads, or are kept in memory for a second, as the product does it.
 */
export async function measureReads(bench: Bench): Promise<void> {
  const ways = [
    { metric: 'vault.read', cache: '0' },
    { metric: 'vault.read.cached', cache: '1' },
  ]
  for (const { metric, cache } of ways.filter((way) => bench.wanted(way.metric) || bench.wanted(`${way.metric}.p99`))) {
    const stand = await openStand(cache)
    bench.closeWhenEnded(stand.close)
    try {
      await compare(stand, metric, bench)
    } finally {
      await stand.close()
    }
  }
}

async function compare({ port, tickets, folder, anchor }: Stand, metric: string, bench: Bench): Promise<void> {
  const ms = bench.quick ? 2_000 : 5_000
  const pace = await transactionsPerSecond(anchor, { work: 'select', protocol: 'prepared', clients: pgbenchClients, transactions: 500 })
  const transactions = Math.ceil((pace * ms) / 1000 / pgbenchClients)
  bench.report.say(`${metric}: ${connections} connections with ${tickets.length} tickets, ${bench.runs} runs each of claviger and pgbench`)
  const latencies: { p50: number; p99: number }[] = []
  const values = await inTurn(bench.runs, {
    async ours() {
      const answers = await ask(port, '/api/credential', tickets, connections, ms, folder)
      latencies.push(answers)
      return answers.perSecond
    },
    pgbench: () => transactionsPerSecond(anchor, { work: 'select', protocol: 'prepared', clients: pgbenchClients, transactions }),
  })
  const about = { metric, unit: '1/s', anchor: `pgbench -S -M prepared -c${pgbenchClients}, same server`, better: 'higher' } as const
  bench.report.measured(measured(about, { ours: values.ours, anchor: values.pgbench }))
  for (const at of ['p50', 'p99'] as const) {
    const ours = latencies.slice(1).map((one) => one[at])
    bench.report.measured(measured({ metric: `${metric}.${at}`, unit: 'ms', anchor: null, better: 'lower' }, { ours, anchor: null }))
  }
}
