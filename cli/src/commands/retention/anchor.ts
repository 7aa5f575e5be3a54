import { retention as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount, findTarget } from '../find.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  open?: true
  reason: string
  codeFile?: string
}

export const retentionOver: CommandFile = (cli, act) =>
  cli
    .command('over <target or account@target>')
    .summary('say that a relationship is over, or that an account was removed')
    .description(
      'As a security officer: from now on the classes count that wait for it. Of a target: the relationship for which it stands is over. Of an account: it was removed.',
    )
    .option('--open', 'it is not over after all')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        'claviger retention over shop-db --reason "the shop was sold"': 'then type your code',
        'claviger retention over deploy@web01 --reason "account removed"': 'of an account',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, name = '') => {
  const account = name.includes('@')
  const subject = account ? (await findAccount(shell, name)).id : (await findTarget(shell, name)).id
  const anchor = account ? 'account_removed' : 'relationship_ended'
  const code = (await shell.ask.hidden(`Your code says so of ${name}`, options.codeFile, '--code-file')).replaceAll(' ', '')
  const body = { anchor, subject, state: options.open ? 'open' : 'closed', reason: options.reason, code } as const
  const done = await shell.get(call(shell.server, api.sayRetentionAnchor, { body }))
  shell.print.answer(done, () =>
    shell.print.line(options.open ? `${name}: there is no date again.` : `${name}: what waits for it counts from now on.`, 'green'),
  )
}
