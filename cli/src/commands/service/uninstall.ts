import { hostname } from 'node:os'
import { needRoot } from '../../install/checks.ts'
import { makeLayout } from '../../install/layout.ts'
import { planUninstall } from '../../install/plan-uninstall.ts'
import { recordOf } from '../../install/record.ts'
import { carryOut, words } from '../../install/steps.ts'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { showPlan } from './install.ts'

interface Options extends GlobalOptions {
  prefix: string
  root?: string
  purge?: boolean
  confirm?: string
  dryRun?: boolean
}

export const uninstall: CommandFile = (cli, act) =>
  cli
    .command('uninstall')
    .summary('stop the service and take away what install made; data and settings stay')
    .description(
      'Runs as root. Stops the service and removes its unit, the releases and the command. Data, settings and users stay, so that installing again goes on from there. With --purge they go too: then every credential in the vault, the ledger and all recordings are lost for good, and this has to be confirmed by typing.',
    )
    .option('--prefix <folder>', 'where releases are', '/opt/claviger')
    .option('--root <folder>', 'in the file system of an image')
    .option('--purge', 'remove data, settings and users as well')
    .option('--confirm <text>', 'what would have to be typed: purge HOST')
    .option('--dry-run', 'print what would be removed, and do nothing')
    .addHelpText(
      'after',
      examples({ 'sudo claviger uninstall': 'keeps the data', 'claviger uninstall --purge --dry-run': 'what a purge would remove' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { purge = false, dryRun = false, prefix, root } = options
  const usual = makeLayout({ root, prefix, data: '/var/lib/claviger' })
  const known = recordOf(usual)
  if (!known && !purge) throw new CliError('refused', `Nothing is installed in ${prefix}.`)
  const layout = makeLayout({ root, prefix, data: known?.data ?? usual.data })
  if (!dryRun) needRoot('uninstall')
  const steps = planUninstall(layout, { purge })
  if (dryRun) return showPlan(shell, steps)
  if (purge) await confirmed(shell.ask, options.confirm, layout.data)
  for (const step of steps) {
    shell.print.hint(words(step))
    carryOut(step)
  }
  shell.print.answer({ removed: true, purged: purge }, () => {
    shell.print.line('Claviger is uninstalled.', 'green')
    if (!purge) shell.print.hint(`The data stays in ${layout.data}, and the settings in /etc/claviger. --purge removes both.`)
  })
}

/** The host's name, so that a line from a history or a window on another machine does no harm here. */
async function confirmed(
  ask: { text(message: string, instead: string): Promise<string> },
  given: string | undefined,
  data: string,
): Promise<void> {
  const wanted = `purge ${hostname()}`
  const typed =
    given ?? (await ask.text(`Every secret and the ledger in ${data} will be lost for good. Type: ${wanted}`, `--confirm "${wanted}"`))
  if (typed !== wanted) throw new CliError('failed', `Nothing was done: that is not "${wanted}".`, undefined, { code: 'cli.cancelled' })
}
