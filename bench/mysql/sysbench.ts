import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../../test/support/process.ts'

/** Where sysbench connects to. The password lies in a file, never in the environment or the arguments. */
export interface Way {
  name: string
  /** A folder with the files that its client library looks for there. */
  folder: string
  port: number
  user: string
  password(): Promise<string>
}

export interface Load {
  protocol: 'text' | 'prepared'
  clients: number
}

export const rows = 10_000

/** Point selects a second, counted from when all are connected. */
export async function selectsPerSecond(way: Way, { protocol, clients }: Load, seconds: number): Promise<number> {
  const how = [`--threads=${clients}`, `--time=${seconds}`, '--skip_trx=on', `--db-ps-mode=${protocol === 'text' ? 'disable' : 'auto'}`]
  const out = await sysbench(way, [...how, 'run'], seconds + 60)
  const [, rate = ''] = /^ {4}queries: .*\(([0-9.]+) per sec\.\)/m.exec(out) ?? []
  if (!Number(rate)) throw new Error(`sysbench by way of ${way.name} said no queries per second: ${out.slice(-500)}`)
  return Number(rate)
}

export async function sysbench(way: Way, args: readonly string[], seconds: number): Promise<string> {
  mkdirSync(way.folder, { recursive: true, mode: 0o700 })
  const config = join(way.folder, 'sysbench.cnf')
  writeFileSync(config, `mysql-password=${await way.password()}\n`, { mode: 0o600 })
  const to = ['--mysql-host=127.0.0.1', `--mysql-port=${way.port}`, `--mysql-user=${way.user}`, '--mysql-db=bench', '--mysql-ssl=on']
  const what = ['oltp_point_select', `--config-file=${config}`, '--db-driver=mysql', ...to, '--tables=1', `--table-size=${rows}`]
  const { status, said, out } = await runProgram('sysbench', [...what, ...args], {
    seconds,
    cwd: way.folder,
    env: { ...process.env, HOME: way.folder },
  })
  if (status !== 0) throw new Error(`sysbench by way of ${way.name} ended with ${status}: ${said.trim().slice(-500)}`)
  return out
}
