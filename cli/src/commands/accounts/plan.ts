import { call, rotation } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { spell } from '../../kit/times.ts'
import { findAccount } from '../find.ts'

interface Options extends GlobalOptions {
  age: string
}

export const accountsPlan: CommandFile = (cli, act) =>
  cli
    .command('plan <account@target>')
    .summary('after which age the credentials of an account are replaced')
    .description('Sets after how many days the credentials of an account are replaced, in place of what the installation says.')
    .requiredOption('--age <days>', '1 to 365 days; usual for what the installation says')
    .addHelpText('after', examples({ 'claviger accounts plan deploy@web01 --age 7': 'every week' }))
    .action(act(run))

const run: Run<Options> = async (shell, { age }, name = '') => {
  const { print } = shell
  const days = age === 'usual' ? null : /^[1-9]\d{0,2}$/.test(age) ? Number(age) : undefined
  if (days === undefined || (days !== null && days > 365))
    throw new CliError('usage', `"${age}" is no number of days from 1 to 365, nor "usual".`, 'claviger accounts plan --help')
  const { id } = await findAccount(shell, name)
  const body = { maxAgeSeconds: days === null ? null : days * 86_400 }
  const done = await shell.get(call(shell.server, rotation.changeRotationPlan, { params: { id }, body }))
  print.answer(done, () =>
    print.line(
      done.maxAgeSeconds === null
        ? `${name} is rotated as the installation says.`
        : `${name} is rotated when its credentials are ${spell(done.maxAgeSeconds)} old.`,
      'green',
    ),
  )
}
