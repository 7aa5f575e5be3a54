import { backup as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { fetchBackup } from './fetch-backup.ts'

interface Options extends GlobalOptions {
  to: string
}

export const backupGet: CommandFile = (cli, act) =>
  cli
    .command('get <backup>')
    .summary('fetch the file of a backup that was made before')
    .description('Fetches a backup from the server that made it, as it is: encrypted. For administrators and security.')
    .requiredOption('--to <file>', 'where it shall lie')
    .addHelpText('after', examples({ 'claviger backup get bak_4f9k2m7q1x --to monday.tar.age': 'as claviger backup list names it' }))
    .action(act(run))

const run: Run<Options> = async (shell, { to }, id = '') => {
  const { backups } = await shell.get(call(shell.server, api.backups, { query: { limit: 200 } }))
  const made = backups.find((b) => b.id === id)
  if (made?.state !== 'done') throw new CliError('failed', `There is no backup ${id} that is whole.`, 'claviger backup list')
  await fetchBackup(shell, made, to)
  shell.print.answer({ backup: made, file: to }, () => shell.print.line(`The backup ${id} lies in ${to}.`))
}
