import { access, checkOut as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount, findGrant } from '../find.ts'

interface Options extends GlobalOptions {
  reason?: string
}

export const checkIn: CommandFile = (cli, act) =>
  cli
    .command('check-in <account@target>')
    .summary('give an account back before its time; as security, take it back')
    .description(
      'Ends the grant that holds the account: its sessions are cut and its credential is replaced; only then it goes to the next. A security officer takes it back from whoever holds it, with --reason.',
    )
    .option('--reason <text>', 'why; needed to take it back from somebody else')
    .addHelpText(
      'after',
      examples({
        'claviger check-in admin@cache01': 'your own',
        'claviger check-in admin@cache01 --reason "left for the day"': 'as a security officer',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { reason }, name = '') => {
  const { print } = shell
  const own = await findGrant(shell, name)
  const id = own?.id ?? (await heldByOther())
  const why = reason ?? 'given back'
  const grant = await shell.get(call(shell.server, access.endGrant, { params: { id }, body: { reason: why } }), 'Giving it back')
  const { replaceable } = await findAccount(shell, name)
  print.answer({ grant }, () => {
    const next = replaceable ? 'Its credential is being replaced.' : 'It is free again: nobody but a person replaces its credential.'
    print.line(`${grant.person.displayName} holds ${name} no more. ${next}`, 'green')
    print.next(`claviger accounts show ${name}`)
  })

  async function heldByOther(): Promise<string> {
    const account = await findAccount(shell, name)
    const now = await shell.get(call(shell.server, api.getCheckOut, { params: { id: account.id } }))
    if (!now.grant || now.state !== 'held')
      throw new CliError(
        'notGranted',
        now.holder ? `${now.holder.displayName} holds ${name}, not you.` : `You do not hold ${name}.`,
        'claviger grants',
      )
    if (reason === undefined)
      throw new CliError('usage', `${now.holder?.displayName} holds ${name}. Say why you take it back: --reason "…".`)
    return now.grant
  }
}
