import { call, rotation } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'

export const accountsVerify: CommandFile = (cli, act) =>
  cli
    .command('verify <account@target>')
    .summary('try the credentials that the vault has of an account')
    .description('Logs in to the target with each and out again. One that is refused was changed outside Claviger: that is an alarm.')
    .addHelpText('after', examples({ 'claviger accounts verify deploy@web01': 'does it still open' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { print } = shell
  const { id } = await findAccount(shell, name)
  const done = await shell.get(call(shell.server, rotation.verifyAccount, { params: { id } }), `Trying ${name}`)
  print.answer(done, () =>
    print.table(
      [
        { title: 'CREDENTIAL', value: (r) => `${r.credential} v${r.version}`, style: () => 'bold' },
        { title: 'THE TARGET', value: (r) => r.code ?? 'lets it in', style: (r) => (r.code === null ? 'green' : 'red') },
      ],
      done.results,
      'The vault has no credential of it.',
    ),
  )
  const refused = done.results.find((r) => r.code === 'target.login_refused')
  if (refused)
    throw new CliError(
      'failed',
      `The target refuses the ${refused.credential} of ${name}: it was changed there.`,
      `claviger accounts reconcile ${name}`,
    )
}
