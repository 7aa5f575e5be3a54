import { call, inventory } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError } from '../kit/exit.ts'
import type { GlobalOptions } from '../kit/shell.ts'
import { findAccount } from './find.ts'
import { stateStyle } from './words.ts'

interface Options extends GlobalOptions {
  reason: string
}

export const rotate: CommandFile = (cli, act) =>
  cli
    .command('rotate <account@target>')
    .summary('replace the credentials of an account now')
    .description(
      'Generates a new credential, sets it on the target, proves it by a fresh login and sees the old one refused. The first time this takes the account over.',
    )
    .option('--reason <text>', 'why; it stands in the audit log', 'on demand')
    .addHelpText('after', examples({ 'claviger rotate deploy@web01 --reason "laptop stolen"': 'now' }))
    .action(act(run))

const run: Run<Options> = async (shell, { reason }, where = '') => {
  const { print } = shell
  const account = await findAccount(shell, where)
  const asked = call(shell.server, inventory.rotateAccount, { params: { id: account.id }, body: { reason } })
  const { rotations } = await shell.get(asked, `Rotating ${where}: set, prove, see the old one refused`)
  print.answer({ rotations }, () =>
    print.table(
      [
        { title: 'CREDENTIAL', value: (r) => `${r.credential} v${r.version}`, style: () => 'bold' },
        { title: 'STATE', value: (r) => r.state, style: stateStyle },
        { title: 'WHY', value: (r) => r.trigger },
        { title: 'PROVEN', value: (r) => print.time(r.verifiedAt) },
        { title: 'OLD ONE REFUSED', value: (r) => print.time(r.oldRefusedAt) },
        { title: 'REMOVED', value: (r) => r.removed.join(', ') || '–' },
      ],
      rotations,
      `${where} has no credential to rotate.`,
    ),
  )
  const failed = rotations.find((r) => r.state === 'failed')
  if (failed)
    throw new CliError(
      'failed',
      `${where} was not rotated: ${failed.error ?? 'no reason given'}`,
      `claviger accounts --target ${account.target.name}`,
    )
}
