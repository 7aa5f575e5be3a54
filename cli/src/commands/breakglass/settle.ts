import { breakGlass as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  codeFile?: string
}

export const breakglassConfirm: CommandFile = (cli, act) =>
  cli
    .command('confirm')
    .summary('as a security officer: the key that an administrator brought is the right one')
    .description(
      'Compare its public half and its custodians with what the administrator and the custodians say: whoever has the private half reads every credential for emergencies. From then on it counts, and every such account is rotated to it.',
    )
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger breakglass confirm': 'shows it, then asks for your code' }))
    .action(act<Options>((shell, options) => settle(shell, options, 'confirm')))

export const breakglassDrop: CommandFile = (cli, act) =>
  cli
    .command('drop')
    .summary('drop a key that waits for an officer; nothing was sealed to it')
    .description('For members of security and administrators, with a fresh code.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger breakglass drop': 'asks for a code' }))
    .action(act<Options>((shell, options) => settle(shell, options, 'drop')))

async function settle(shell: Shell, { codeFile }: Options, verdict: 'confirm' | 'drop'): ReturnType<Run<Options>> {
  const { print } = shell
  const { proposed } = await shell.get(call(shell.server, api.breakglass))
  if (!proposed) throw new CliError('failed', 'No key waits for an officer.', 'claviger breakglass')
  if (!print.json)
    print.facts([
      ['public half', proposed.recipient],
      ['brought by', proposed.introducedBy.name],
      ['opened by', `any ${proposed.threshold} of:`],
      ...proposed.custodians.map((c) => ['', `${c.name}  ${c.key}`] as const),
    ])
  const code = (
    await shell.ask.hidden(verdict === 'confirm' ? 'Your code makes it count' : 'Your code drops it', codeFile, '--code-file')
  ).replaceAll(' ', '')
  const settled = await shell.get(call(shell.server, api.settleKey, { params: { id: proposed.id }, body: { code, verdict } }))
  print.answer({ ...settled, key: proposed.id }, () => {
    print.line(verdict === 'confirm' ? 'It counts.' : 'Dropped.', 'green')
    if (verdict === 'confirm') print.next('claviger breakglass mark ACCOUNT@TARGET')
  })
}
