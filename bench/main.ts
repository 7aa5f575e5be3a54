import { parseArgs } from 'node:util'
import { bindingLoads } from '../scripts/house/binding.mjs'
import { installPackages } from '../scripts/house/debian.mjs'
import { home, pathsOf } from '../scripts/house/paths.mjs'
import type { Bench } from './contract.ts'
import { fewestRuns } from './measurement.ts'
import { Report } from './report.ts'

/*
 * `npm run bench -- NAME --json`: ratios against named anchors, measured in turn on the same machine. docs/benchmarks.md says what
 * each metric means. The exit status says whether it could be measured, never how well it went.
 */

/** A bench is loaded only when it is asked for: each needs programs of its own. */
const benches: Record<string, () => Promise<{ run(bench: Bench): Promise<void> }>> = {
  ssh: () => import('./ssh/index.ts'),
  postgres: () => import('./postgres/index.ts'),
  mysql: () => import('./mysql/index.ts'),
  rotation: () => import('./rotation/index.ts'),
  vault: () => import('./vault/index.ts'),
  sessions: () => import('./sessions/index.ts'),
}

const packages = {
  'openssh-server': 'the SSH target, and the jump host',
  'openssh-client': 'ssh, as people use it',
  'postgresql-15': 'pgbench; its server is not started',
  pgbouncer: 'what the PostgreSQL gateway is compared with',
  openssl: 'a certificate for it',
  'mariadb-server': 'a target whose passwords are rotated, and that is reached through its gateway',
  sysbench: 'what reads from it',
  slapd: 'the same',
  'redis-server': 'the same, of a kind whose credentials people see',
  wrk: 'the client that reads credentials',
}

/** What it needs of this machine, installed when we may; a number that was measured without ssh2's native ciphers says nothing. */
async function prepared(): Promise<void> {
  const paths = pathsOf(home)
  if (!(await bindingLoads(paths))) throw new Error("ssh2's native ciphers are not built: CLAVIGER_REQUIRE_BINDING=1 npm run bootstrap")
  if (!(await installPackages(packages))) throw new Error('some programs are missing')
}

const usage = `npm run bench -- ${Object.keys(benches).join('|')} [--json] [--quick] [--runs NUMBER] [--only TEXT]

  --json   on standard output only JSON, one metric a line
  --quick  fewer bytes and sessions: shows that it works
  --runs   how often each side is measured (${fewestRuns} or more; ${fewestRuns})
  --only   metrics with TEXT in their name
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: `${fewestRuns}` },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
})
const load = benches[positionals[0] ?? '']
const runs = Number(values.runs)
if (values.help || !load || positionals.length > 1 || !Number.isInteger(runs) || runs < fewestRuns || runs > 1_000) {
  process.stderr.write(usage)
  process.exitCode = values.help ? 0 : 2
} else {
  await prepared()
  const { run } = await load()
  const { quick, only, json } = values
  const report = new Report(json)
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      process.exitCode = 1
      report.say(`${what}: not measured, ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const closeWhenEnded = (close: () => Promise<void>) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close().finally(() => process.exit(130)))
  }
  await run({ quick, runs, wanted: (metric) => metric.includes(only), report, attempt, closeWhenEnded })
}
