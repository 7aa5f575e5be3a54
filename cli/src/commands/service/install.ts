import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  needClosedFolders,
  needFreeNumbers,
  needFreePorts,
  needNoOlderRelease,
  needPlainSettings,
  needRoot,
  needSystemd,
  serviceRuns,
} from '../../install/checks.ts'
import { at, type Layout, makeLayout, places } from '../../install/layout.ts'
import { installedRelease, planBack, planInstall, settingsOf } from '../../install/plan-install.ts'
import { recordOf } from '../../install/record.ts'
import { migrationsOf, type Release, readRelease } from '../../install/release.ts'
import { carryOut, type Step, words } from '../../install/steps.ts'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  from?: string
  prefix: string
  data?: string
  root?: string
  previous?: boolean
  start: boolean
  dryRun?: boolean
}

export const install: CommandFile = (cli, act) =>
  cli
    .command('install')
    .summary('make the server a service of this machine, or upgrade it')
    .description(
      'Runs as root in an unpacked archive of Claviger, on a machine with systemd. Makes the users, puts the release into a folder of its own, keeps the one before, writes a hardened unit and commented settings, and starts the service. Run it again to upgrade: settings and data stay as they are.',
    )
    .option('--from <archive>', 'an archive, or a folder in which one was unpacked (default: where this command lies)')
    .option('--prefix <folder>', 'where releases go', '/opt/claviger')
    .option('--data <folder>', 'where all state lives (default: as before, else /var/lib/claviger)')
    .option('--root <folder>', 'install into the file system of an image, and start nothing')
    .option('--previous', 'go back to the release before the last upgrade')
    .option('--no-start', 'do not start or restart the service')
    .option('--dry-run', 'print every file and command, and do nothing')
    .addHelpText(
      'after',
      examples({
        'sudo ./claviger install': 'installs or upgrades, and starts the service',
        './claviger install --dry-run': 'what that would do',
        'sudo claviger install --previous': 'back to the release before',
        'sudo ./claviger install --root /mnt/image': 'into an image',
      }),
    )
    .action(act(run))

const home = resolve(import.meta.dirname, '../../../..')

const run: Run<Options> = async (shell, options) => {
  const { prefix, dryRun = false, start } = options
  const first = makeLayout({ root: options.root, prefix, data: options.data ?? '/var/lib/claviger' })
  const known = recordOf(first)
  const layout = known && options.data === undefined ? makeLayout({ root: options.root, prefix, data: known.data }) : first
  if (known && known.data !== layout.data)
    throw new CliError(
      'refused',
      `The data is in ${known.data}. To move it: stop the service, move the folder, and change it in ${prefix}/installation.json.`,
    )
  if (!dryRun) needRoot('install')
  if (!dryRun) needSystemd(layout)
  const back = options.previous === true
  const release = back ? previousRelease(layout) : readRelease(resolve(options.from ?? home))
  const settings = settingsOf(layout)
  needPlainSettings(settings)
  needFreeNumbers(layout)
  needClosedFolders(layout, [layout.prefix, layout.data, places.unit, places.settings, places.command])
  const current = installedRelease(layout)
  needNoOlderRelease(layout, release, current)
  if (layout.root === '/' && start && !serviceRuns()) await needFreePorts(settings)
  const steps = back && current ? planBack(layout, release.from, current, { start }) : planInstall(layout, release, { start })
  if (dryRun) return showPlan(shell, steps)
  for (const step of steps) {
    shell.print.hint(words(step))
    carryOut(step)
  }
  const answers = layout.root === '/' && start ? await shell.progress.during('Waiting for the service', answering(settings)) : undefined
  if (answers === false)
    throw new CliError(
      'failed',
      'The service was started and does not answer. Why stands in its log; --previous goes back to the release before.',
      'journalctl -u claviger -n 50',
    )
  shell.print.answer({ release: release.id, data: layout.data, running: answers ?? false }, () => {
    shell.print.line(`Claviger ${release.id} is installed${answers ? ' and runs' : ''}.`, 'green')
    shell.print.hint(`Settings: ${places.settings}. Data: ${layout.data}. Log: journalctl -u claviger`)
    if (answers) shell.print.next('claviger seal status')
  })
}

function previousRelease(layout: Layout): Release {
  const folder = installedRelease(layout, 'previous')
  if (folder === undefined) throw new CliError('refused', 'There is no release before this one.')
  const id = folder.slice(folder.lastIndexOf('/') + 1)
  return { id, version: id, from: folder, migrations: migrationsOf(at(layout, folder)) }
}

/** Every file with what will stand in it. */
export function showPlan({ print }: Shell, steps: readonly Step[]): void {
  print.answer({ steps: steps.map(words) }, () => {
    for (const step of steps) {
      print.line(words(step))
      if (step.do === 'file') print.raw(`${step.content.trimEnd().replace(/^/gm, '    | ')}\n`)
    }
  })
}

/** Whether the api process answers within a minute: sealed or not, that is for whoever holds the shares. */
async function answering(settings: Record<string, string>): Promise<boolean> {
  for (let tries = 0; tries < 60; tries++) {
    const answer = await fetch(`http://127.0.0.1:${settings.CLAVIGER_HTTP_PORT ?? 8200}/healthz`, {
      signal: AbortSignal.timeout(2_000),
    }).catch(() => undefined)
    if (answer?.ok) return true
    await sleep(1_000)
  }
  return false
}
