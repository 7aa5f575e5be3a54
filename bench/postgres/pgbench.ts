import { runProgram } from '../../test/support/process.ts'

/** Where pgbench connects to. The password lies in a file, never in the environment or the arguments. */
export interface Way {
  name: string
  /** Variables of libpq (PostgreSQL docs, "Environment Variables"). */
  libpq(): Promise<NodeJS.ProcessEnv>
}

export type Protocol = 'simple' | 'extended' | 'prepared'

export interface Load {
  work: 'select' | 'tpcb'
  protocol: Protocol
  clients: number
  /** For each client: a duration would begin before all are connected. */
  transactions: number
}

/** Transactions a second, without the time that connecting took. */
export async function transactionsPerSecond(way: Way, { work, protocol, clients, transactions }: Load): Promise<number> {
  const script = work === 'select' ? ['-S'] : ['-b', 'tpcb-like']
  const args = ['-n', ...script, '-M', protocol, '-c', `${clients}`, '-j', '2', '-t', `${transactions}`]
  const out = await pgbench(way, args, 600)
  const [, tps = ''] = /^tps = ([0-9.]+) \(without initial connection time\)/m.exec(out) ?? []
  if (!Number(tps)) throw new Error(`pgbench by way of ${way.name} said no transactions per second: ${out.slice(-500)}`)
  return Number(tps)
}

export async function pgbench(way: Way, args: readonly string[], seconds: number): Promise<string> {
  const { PGPASSWORD: _password, ...env } = process.env
  const { status, said, out } = await runProgram('pgbench', args, { seconds, env: { ...env, ...(await way.libpq()) } })
  if (status !== 0) throw new Error(`pgbench by way of ${way.name} ended with ${status}: ${said.trim().slice(-500)}`)
  return out
}
