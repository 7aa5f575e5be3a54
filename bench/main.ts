import { parseArgs } from 'node:util'
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
  const { run } = await load()
  const { quick, only, json } = values
  await run({ quick, runs, wanted: (metric) => metric.includes(only), report: new Report(json) })
}
