import { call, seal } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  shareFile?: string
}

export const unseal: CommandFile = (cli, act) =>
  cli
    .command('unseal')
    .summary('as a custodian: give your share, so that the server opens')
    .description(
      'Asks for one share, without showing it, and says how many are still needed. Any case; hyphens and spaces do not matter. Needs no sign-in. Shares are forgotten ten minutes after the first.',
    )
    .option('--share-file <file>', 'take the share from the first line of a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger unseal': 'asks for your share', 'claviger unseal --share-file -': 'from standard input' }))
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { print, ask } = shell
  const before = await shell.get(call(shell.anonymous, seal.sealStatus))
  if (before.state === 'open') return print.answer({ open: true }, () => print.line('The server is open already.', 'green'))
  const share = await ask.hidden(before.shares ? `Share of set ${before.shares.set}` : 'Share', options.shareFile, '--share-file')
  shell.hide(share)
  const answer = await shell.get(call(shell.anonymous, seal.sealUnseal, { body: { share: share.slice(0, 400) } }))
  print.answer(answer, () => {
    if (answer.open) return print.line('The seal is open.', 'green')
    print.line(`${'●'.repeat(answer.given)}${'○'.repeat(answer.threshold - answer.given)}  ${answer.given} of ${answer.threshold} shares.`)
    print.hint('The next custodian does the same, within ten minutes.')
  })
}
