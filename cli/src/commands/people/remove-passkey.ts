import { call, passkeys } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { codeFile, said, whom } from './change.ts'

interface Options extends GlobalOptions {
  reason: string
  codeFile?: string
}

export const peopleRemovePasskey: CommandFile = (cli, act) =>
  cli
    .command('remove-passkey <person> <passkey>')
    .summary('take one passkey of somebody out of use')
    .description('All else of theirs stays: their authenticator, keys and what runs for them.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({ 'claviger people remove-passkey alice pky_4f9k2m7q1x --reason "lost token"': 'an id from: claviger people show alice' }),
    )
    .action(act(removePasskey))
const removePasskey: Run<Options> = async (shell, { reason, codeFile: file }, name = '', passkey = '') => {
  const { params, code } = await whom(shell, name, `takes ${passkey} out of use for`, file)
  const body = { passkey, reason, code }
  await said(shell, call(shell.server, passkeys.removePasskeyOf, { params, body }), () => `says yes with ${passkey} no more.`)
}
