import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { checkOutSuite } from './checkout/main.ts'
import { canMount, insideOwnMounts } from './disks.ts'
import { gatewaysSuite } from './gateways/main.ts'
import { insideOwnNetwork, networkPossible, prepareNetwork } from './packets.ts'
import { Report } from './report.ts'
import { rotationSuite } from './rotation/main.ts'
import { sessionsSuite } from './sessions/main.ts'
import { isOrder } from './sessions/plan.ts'
import { tourSuite } from './tour.ts'

/*
 * `npm run faults -- NAME`: everything goes wrong that can go wrong on one machine, and afterwards a look at what was lost. docs/faults.md says what
 * is done and what counts.
 */

const usage = `npm run faults -- tour     [--json] [--quick] [--seed NUMBER] [--only errands|tours]
npm run faults -- rotation [--json] [--quick] [--seed NUMBER] [--order target-first]
npm run faults -- checkout [--json] [--quick] [--seed NUMBER] [--order next-first]
npm run faults -- sessions [--json] [--quick] [--seed NUMBER] [--only gravest] [--order show-first|unheard]
npm run faults -- gateways [--json] [--quick] [--seed NUMBER] [--only copies|flood]

  --json   on standard output only JSON, one object a line; the last is {"suite","injected","survived","lost"}
  --quick  as in npm test: about 30 injections; for checkout 100 claimants, not 1,000; for gateways 64 MiB and 2,000 connections
  --seed   repeats what a run with that seed did
  --only   one of the two halves of a full run: faults in small errands, or kills in whole tours; of sessions the four gravest faults;
           of gateways one of the two
  --order  a server that loses credentials, gives an account to two, or lets pass what is not recorded: shows that the suite finds it
`

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

async function main(): Promise<number> {
  const options = { json: flag, quick: flag, seed: text, only: text, order: text, help: flag }
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  const { only, order, quick } = values
  const [suite = '', ...more] = positionals
  const fits = {
    tour: order === undefined && (only === undefined || (!quick && ['errands', 'tours'].includes(only))),
    rotation: only === undefined && (order === undefined || order === 'target-first'),
    checkout: only === undefined && (order === undefined || order === 'next-first'),
    sessions: (only === undefined || only === 'gravest') && (order === undefined || isOrder(order)),
    gateways: order === undefined && (only === undefined || ['copies', 'flood'].includes(only)),
  }[suite]
  if (values.help || !fits || more.length > 0 || !/^\d{0,9}$/.test(values.seed ?? '')) {
    process.stderr.write(usage)
    return values.help ? 0 : 2
  }
  const seed = Number(values.seed || Math.floor(Math.random() * 1_000_000_000))
  const report = new Report(suite, values.json === true)
  report.say(`seed ${seed}: --seed ${seed} repeats this run`, 'bold')
  const size = quick ? 'quick' : 'full'
  if (suite === 'tour') await tourSuite(report, seed, size, only)
  else if (suite === 'sessions') await sessionsSuite(report, seed, only === 'gravest' ? only : size, isOrder(order) ? order : undefined)
  else if (suite === 'gateways') await gatewaysSuite(report, seed, size, only)
  else await (suite === 'rotation' ? rotationSuite : checkOutSuite)(report, seed, size, order)
  report.end()
  return report.total.lost === 0 && report.total.survived === report.total.injected ? 0 : 1
}

/** As root all happens in mounts and, where that can be, on a loopback of our own, which end with us however we end. */
function inOwnNamespaces(): number | undefined {
  if (process.getuid?.() !== 0 || canMount()) return undefined
  const network = networkPossible()
  const env = { ...process.env, [insideOwnMounts]: '1', ...(network && { [insideOwnNetwork]: '1' }) }
  const prepared = ['/bin/sh', '-c', `${network ? prepareNetwork : 'true'} && exec "$0" "$@"`]
  const namespaces = ['--mount', '--propagation', 'private', ...(network ? ['--net'] : [])]
  const command = [...namespaces, ...prepared, process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const { status, error } = spawnSync('unshare', command, { stdio: 'inherit', env })
  return error ? undefined : (status ?? 1)
}

// only these fill disks and lose packets
process.exitCode = (['tour', 'sessions'].includes(process.argv[2] ?? '') ? inOwnNamespaces() : undefined) ?? (await main())
