import { versions as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'
import { codeFile } from '../people/change.ts'
import { sayKept } from './say-kept.ts'

interface Options extends GlobalOptions {
  newest?: number
  days?: number
  all?: true
  codeFile?: string
}

export const versionsKeep: CommandFile = (cli, act) =>
  cli
    .command('keep')
    .summary('say how many replaced versions are kept, and for how long')
    .description(
      'As a security officer: what is more than --newest and older than --days is destroyed within the hour, for ever. Never the current version, a candidate, or one of a held account.',
    )
    .option('--newest <n>', 'of each credential so many that were replaced', wholeNumber('1 to 1000 versions', 1, 1000))
    .option('--days <n>', 'and each at least so many days after it was replaced', wholeNumber('1 to 3650 days', 1, 3650))
    .option('--all', 'keep every version again')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        'claviger versions keep --newest 10 --days 365': 'then type your code',
        'claviger versions keep --all': 'destroy nothing more',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { newest, days, all, codeFile }) => {
  const { print } = shell
  if (!all && (newest === undefined || days === undefined))
    throw new CliError('usage', 'Say --newest and --days, or --all.', 'claviger versions keep --help')
  const before = await shell.get(call(shell.server, api.versionPolicy))
  const wish = all ? { ...before, state: 'off' as const } : { keep: newest ?? before.keep, days: days ?? before.days, state: 'on' as const }
  const code = (await shell.ask.hidden('Your code changes how long versions are kept', codeFile, '--code-file')).replaceAll(' ', '')
  const changed = await shell.get(call(shell.server, api.changeVersionPolicy, { body: { ...wish, code } }))
  print.answer(changed, () => print.line(sayKept(changed), 'green'))
}
