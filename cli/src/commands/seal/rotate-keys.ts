import { setTimeout as sleep } from 'node:timers/promises'
import { type AnswerOf, seal as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { answered } from '../../kit/server.ts'
import type { Shell } from '../../kit/shell.ts'
import { type CeremonyOptions, leadCeremony } from './take-part.ts'

interface Options extends CeremonyOptions {
  location?: Location[]
  status?: boolean
  wait: boolean
}
type Keys = AnswerOf<typeof api.keyProgress>
type Location = Keys['keys'][number]['location']

const locations: readonly Location[] = ['system', 'standard', 'recordings', 'officers']

export const rotateKeys: CommandFile = (cli, act) =>
  cli
    .command('rotate-keys')
    .summary('new location keys; what lies under the old ones is sealed anew in the background')
    .description(
      'For an administrator and a security officer together, as claviger rekey. No credential changes: only the data keys are sealed anew, and each old location key is destroyed when nothing lies under it any more. It goes on over restarts. For a new root key: claviger rekey.',
    )
    .addOption(new Option('--location <name...>', 'only these; without it all').choices(locations))
    .option('--status', 'only look how far it is')
    .option('--no-wait', 'do not wait until everything is sealed anew')
    .option('--code-file <file>', 'take the code from the first line of a file, or from standard input: -')
    .addHelpText(
      'after',
      examples({ 'claviger rotate-keys': 'all of them', 'claviger rotate-keys --status': 'versions of the keys, and how far it is' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { print } = shell
  if (!options.status) {
    await leadCeremony(shell, { goal: 'rotate', locations: [...(options.location ?? locations)] }, options)
    if (options.wait) await sealedAnew(shell)
  }
  const status = await shell.get(call(shell.server, api.keyProgress))
  print.answer(status, () => {
    print.table(
      [
        { title: 'LOCATION', value: (k) => k.location, style: () => 'bold' },
        { title: 'VERSION', value: (k) => `${k.version}` },
        { title: 'UNDER IT', value: (k) => `${k.done}` },
        { title: 'LEFT', value: (k) => `${k.left}`, style: (k) => (k.left > 0 ? 'yellow' : 'green') },
        { title: 'OLD KEYS', value: (k) => k.kept.join(', ') || 'destroyed' },
        { title: 'DO NOT OPEN', value: (k) => (k.stuck > 0 ? `${k.stuck}: see the alarms` : '') },
      ],
      status.keys,
      '',
    )
  })
}

/** Until nothing is left, or only what does not open. */
async function sealedAnew(shell: Shell): Promise<void> {
  const look = () => answered(call(shell.server, api.keyProgress), shell.base)
  const sum = (keys: Keys, of: 'done' | 'left' | 'stuck') => keys.keys.reduce((n, k) => n + k[of], 0)
  for (;;) {
    const keys = await look()
    const [done, left, stuck] = [sum(keys, 'done'), sum(keys, 'left'), sum(keys, 'stuck')]
    if (!keys.busy || (left > 0 && left === stuck)) return
    const part = done + left === 0 ? 1 : done / (done + left)
    const bar = '█'.repeat(Math.round(part * 24)).padEnd(24, '░')
    await shell.progress.during(`Sealing anew ${bar} ${Math.floor(part * 100)} %, ${left} left`, sleep(1000))
  }
}
