import { call, seal } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { asHost, hostToken } from './host-token.ts'

interface Options extends GlobalOptions {
  shareFile?: string
}

export const unseal: CommandFile = (cli, act) =>
  cli
    .command('unseal')
    .summary('as a custodian: give your share; on the host: open again a seal that needs nobody')
    .description(
      "Asks for one share, without showing it, and says how many are still needed. Any case; hyphens and spaces do not matter. Needs no sign-in. Shares are forgotten ten minutes after the first. A seal that opens by itself (an HSM) and was closed is opened again on the server's own host, as the owner of its data folder (CLAVIGER_DATA).",
    )
    .option('--share-file <file>', 'take the share from the first line of a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger unseal': 'asks for your share', 'claviger unseal --share-file -': 'from standard input' }))
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { print, ask } = shell
  const before = await shell.get(call(shell.anonymous, seal.sealStatus))
  if (before.state === 'open') return print.answer({ open: true }, () => print.line('The server is open already.', 'green'))
  if (before.state === 'sealed' && before.shares === null) return await again(shell)
  const share = await ask.hidden(before.shares ? `Share of set ${before.shares.set}` : 'Share', options.shareFile, '--share-file')
  shell.hide(share)
  const answer = await shell.get(call(shell.anonymous, seal.sealUnseal, { body: { share: share.slice(0, 400) } }))
  print.answer(answer, () => {
    if (answer.open) return print.line('The seal is open.', 'green')
    print.line(`${'●'.repeat(answer.given)}${'○'.repeat(answer.threshold - answer.given)}  ${answer.given} of ${answer.threshold} shares.`)
    print.hint('The next custodian does the same, within ten minutes.')
  })
}

/** A seal that opens by itself: only its own host says so. */
const again = async (shell: Shell): Promise<void> => {
  const token = hostToken(shell.settings.data)
  if (token === undefined) {
    const { message } = await shell.get(call(shell.anonymous, seal.sealStatus))
    throw new CliError(
      'refused',
      `${message} Here it cannot be opened: run this on the server's own host, as the owner of its data folder (CLAVIGER_DATA).`,
    )
  }
  await shell.get(call(asHost(shell, token), seal.sealOpenAgain, { body: {} }), 'Opening the seal')
  shell.print.answer({ open: true }, () => shell.print.line('The seal is open.', 'green'))
}
