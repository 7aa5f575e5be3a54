import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { canSetClock } from './clock.ts'
import { canMount, insideOwnMounts } from './disks.ts'
import { canDrop, insideOwnNetwork, networkPossible, prepareNetwork } from './packets.ts'
import { plan } from './plan.ts'
import { randomFrom } from './random.ts'
import { Report } from './report.ts'
import { runErrands } from './run-errands.ts'
import { runTours } from './run-tours.ts'
import { openWorld } from './world.ts'

/*
 * `npm run faults -- tour`: the work of the tour while everything goes wrong that can go wrong on one machine, and afterwards a
 * look at what was lost. docs/faults.md says what is done and what counts.
 */

const usage = `npm run faults -- tour [--json] [--quick] [--only errands|tours] [--seed NUMBER]

  --json   on standard output only JSON, one object a line; the last is {"suite","injected","survived","lost"}
  --quick  30 injections, as in npm test; without it more than 100
  --only   one of the two halves of a full run: faults in small errands, or kills in whole tours
  --seed   repeats what a run with that seed did
`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      quick: { type: 'boolean' },
      only: { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  const { only } = values
  const known = only === undefined || (!values.quick && ['errands', 'tours'].includes(only))
  if (values.help || positionals[0] !== 'tour' || positionals.length > 1 || !known || !/^\d{0,9}$/.test(values.seed ?? '')) {
    process.stderr.write(usage)
    return values.help ? 0 : 2
  }
  const seed = Number(values.seed || Math.floor(Math.random() * 1_000_000_000))
  const random = randomFrom(seed)
  const report = new Report('tour', values.json === true)
  report.say(`seed ${seed}: --seed ${seed} repeats this run`, 'bold')
  const means = { disks: canMount(), clock: canSetClock(), packets: canDrop() }
  if (!means.disks) report.say('no full disks: only root can mount file systems for them')
  if (!means.clock) report.say('no wrong clocks: they need libfaketime (apt-get install faketime)')
  if (!means.packets) report.say('no lost packets: they need root, iproute2 and routing rules for ports in the kernel')
  report.say('starting a server with its lab, and taking all accounts over')
  const world = await openWorld()
  // nobody stops the server for us: it is in a process group of its own
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void world.close().finally(() => process.exit(130)))
  try {
    const size = values.quick ? 'quick' : 'full'
    if (only !== 'tours') await runErrands(world, plan(random, size, means), report)
    if (size === 'full' && only !== 'errands') await runTours(world, random, report)
  } finally {
    await world.close()
  }
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

process.exitCode = inOwnNamespaces() ?? (await main())
