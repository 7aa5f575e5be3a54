import { type AnswerOf, backup as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { fetchBackup } from './fetch-backup.ts'
import { backupGet } from './get.ts'
import { backupList } from './list.ts'
import { untilMade } from './until-made.ts'
import { backupVerify } from './verify.ts'

interface Options extends GlobalOptions {
  to?: string
  recipient?: string[]
  recordings?: boolean
  codeFile?: string
  wait: boolean
}
export type Made = AnswerOf<typeof api.beginBackup>

/** `claviger backup` makes one; `list`, `get` and `verify` are about those that there are. */
export const backup: CommandFile = (cli, act) => {
  const group = cli
    .command('backup')
    .summary('everything in one file, encrypted to whoever shall restore it')
    .description(
      'For administrators and security: everything in the database at one moment and the escrow, encrypted to age recipients and signed by the key of the ledger. The server restores it once into a throw-away database before it counts as good. What opens the seal is not in it: keep shares or key file as before.',
    )
    .option('--to <file>', 'fetch it into this file; without it, it stays on the server')
    .option('--recipient <key...>', 'to whom it is encrypted (age1…); without it to those of CLAVIGER_BACKUP_RECIPIENTS')
    .option('--recordings', 'with the recordings of sessions')
    .option('--code-file <file>', 'take the code from the first line of a file, or from standard input: -')
    .option('--no-wait', 'do not wait for its end')
    .addHelpText(
      'after',
      examples({
        'claviger backup --to monday.tar.age --recipient age1…': 'make one and fetch it',
        'claviger backup list': 'what was made, and whether it is good',
        'claviger backup verify monday.tar.age --identity key.txt': 'restore it beside everything, and throw that away',
        'claviger restore monday.tar.age --identity key.txt': 'on an empty machine',
      }),
    )
    .action(act(run))
  for (const command of [backupList, backupGet, backupVerify]) command(group, act)
  return group
}

const run: Run<Options> = async (shell, options) => {
  const { print, server } = shell
  const { to, recipient, recordings = false, codeFile, wait } = options
  if (to !== undefined && !wait) throw new CliError('usage', 'What is not waited for cannot be fetched: leave --no-wait or --to away.')
  const code = await shell.ask.hidden('Code of your authenticator', codeFile, '--code-file')
  const begun = await shell.get(call(server, api.beginBackup, { body: { ...(recipient && { recipients: recipient }), recordings, code } }))
  const made = wait ? await untilMade(shell, begun.id) : begun
  const fetched = to === undefined ? undefined : await fetchBackup(shell, made, to)
  print.answer({ backup: made, ...(fetched && { file: to }) }, () => {
    if (!wait) return print.line(`The backup ${made.id} is being made. See: claviger backup list`)
    print.line(fetched ? `The backup ${made.id} lies in ${to}.` : `The backup ${made.id} lies on the server: ${made.file}.`)
    print.facts([
      ['of', made.takenAt ? print.time(made.takenAt) : '–'],
      ['ledger', `${made.entries} entries`],
      ['size', `${made.bytes} bytes`],
      ['SHA-256', made.sha256 ?? '–'],
      ['recipients', made.recipients.join('\n')],
      ['good', made.checkedAt ? 'restored into a throw-away database, and found whole' : `not tried: ${made.unchecked}`],
    ])
  })
}
