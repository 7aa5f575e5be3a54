import { call, rotation } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { spell } from '../../kit/times.ts'
import { findAccount } from '../find.ts'
import { careFacts } from './care-facts.ts'

interface Options extends GlobalOptions {
  age?: string
}

export const accountsPlan: CommandFile = (cli, act) =>
  cli
    .command('plan <account@target>')
    .summary('when the credentials of an account are replaced, or after which age')
    .description(
      'Shows when the credentials of an account are replaced and tried next, and what its target said of them last. With --age: sets after how many days they are replaced, in place of what the installation says.',
    )
    .option('--age <days>', '1 to 365 days; usual for what the installation says')
    .addHelpText(
      'after',
      examples({ 'claviger accounts plan deploy@web01': 'what is planned', 'claviger accounts plan deploy@web01 --age 7': 'every week' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { age }, name = '') => {
  const { print } = shell
  if (age === undefined) return await show(shell, name)
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

async function show(shell: Shell, name: string): Promise<void> {
  const { print } = shell
  const account = await findAccount(shell, name)
  const care = await shell.get(call(shell.server, rotation.accountCare, { params: { id: account.id } }))
  print.answer(care, () => print.facts(careFacts(print, care, account)))
}
