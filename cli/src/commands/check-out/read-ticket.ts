import { writeFileSync } from 'node:fs'
import { checkOut as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findGrant } from '../find.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  out: string
  codeFile?: string
}

export const readTicket: CommandFile = (cli, act) =>
  cli
    .command('read-ticket <account@target>')
    .summary('let a program on this machine read the credential of an account that you hold')
    .description(
      'Takes a fresh code, and writes a ticket to a file that only you can read: for 15 minutes, and no longer than you hold the account, `claviger read` answers the credential by it. Each read is in the audit log, in your name.',
    )
    .requiredOption('--out <file>', 'where the ticket goes; a file that is there is replaced')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger read-ticket app@cache01 --out ~/.app-ticket': 'then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, { out, codeFile }, name = '') => {
  const grant = await findGrant(shell, name)
  if (!grant) throw new CliError('notGranted', `You do not hold ${name}.`, `claviger check-out ${name} --for 30m --reason …`)
  const code = (await shell.ask.hidden(`Your code lets programs read the credential of ${name}`, codeFile, '--code-file')).replaceAll(
    ' ',
    '',
  )
  const given = await shell.get(call(shell.server, api.issueReadTicket, { params: { id: grant.id }, body: { code } }))
  writeFileSync(out, `${given.ticket}\n`, { mode: 0o600 })
  const { print } = shell
  print.answer({ file: out, expiresAt: given.expiresAt }, () =>
    print.line(`Until ${print.time(given.expiresAt)}: claviger read --ticket-file ${out}`),
  )
}
