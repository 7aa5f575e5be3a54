import { seal as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { askCode, giveShare, look } from '../seal/take-part.ts'

interface WithCode extends GlobalOptions {
  codeFile?: string
}
interface WithShare extends GlobalOptions {
  shareFile?: string
}

/** What the others do while somebody leads a ceremony (rekey, rotate-keys, seal migrate). */
export const ceremony: CommandFile = (cli, act) => {
  const group = cli
    .command('ceremony')
    .summary('take part in a key ceremony that somebody leads; alone: how far it is')
    .description('A key ceremony is begun with claviger rekey, claviger rotate-keys or claviger seal migrate. Looking needs no sign-in.')
    .addHelpText('after', examples({ 'claviger ceremony': 'how far it is', 'claviger ceremony share': 'as a custodian' }))
    .action(act(show))
  group
    .command('confirm')
    .summary('as the second person: say yes to the ceremony that somebody else began')
    .description('Of the two who begin and confirm, one is an administrator and the other a security officer.')
    .option('--code-file <file>', 'take the code from the first line of a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger ceremony confirm': 'asks for a code' }))
    .action(act(confirm))
  group
    .command('share')
    .summary('as a custodian: give your share, or type your new one back')
    .description(
      'Asks for one share, without showing it: of the set that counts, or, once new ones were handed out, the new one. Needs no sign-in.',
    )
    .option('--share-file <file>', 'take the share from the first line of a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger ceremony share': 'asks for your share' }))
    .action(act(share))
  group
    .command('drop')
    .summary('give the ceremony up; nothing was changed')
    .description(
      'For members of security and administrators, with a fresh code. What was typed is forgotten; new shares that were handed out are worth nothing.',
    )
    .option('--code-file <file>', 'take the code from the first line of a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger ceremony drop': 'asks for a code' }))
    .action(act(drop))
  return group
}

const show: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { ceremony: at } = await look(shell)
  print.answer({ ceremony: at }, () => {
    if (!at) return print.line('No key ceremony is under way.')
    print.facts([
      ['what', at.goal === 'rotate' ? 'new location keys' : `a new root key, under the seal "${at.to}"`],
      [
        'state',
        { gathering: 'people or shares are missing', ready: 'ready: whoever began it goes on', verifying: 'new shares are typed back' }[
          at.phase
        ],
      ],
      ['confirmed', at.confirmed ? 'yes' : 'not yet', at.confirmed ? 'green' : 'yellow'],
      ...(at.old ? [['shares', `${at.old.given} of ${at.old.threshold} of set ${at.old.set}`] as const] : []),
      ...(at.back ? [['typed back', `${at.back.given} of ${at.back.shares} of the new set ${at.back.set}`] as const] : []),
      ['ends by itself', `in ${Math.ceil(at.endsIn / 60)} min`],
    ])
    if (!at.confirmed) print.next('claviger ceremony confirm')
    else if (at.phase !== 'ready') print.next('claviger ceremony share')
  })
}

const confirm: Run<WithCode> = async (shell, options) => {
  const code = await askCode(shell, options.codeFile)
  await shell.get(call(shell.server, api.ceremonyConfirm, { body: { code } }))
  shell.print.answer({ done: true }, () => shell.print.line('Confirmed.', 'green'))
}

const drop: Run<WithCode> = async (shell, options) => {
  const code = await askCode(shell, options.codeFile)
  await shell.get(call(shell.server, api.ceremonyDrop, { body: { code } }))
  shell.print.answer({ done: true }, () => shell.print.line('Given up. Nothing was changed.'))
}

const share: Run<WithShare> = async (shell, options) => {
  const { print } = shell
  const { ceremony: at } = await look(shell)
  const set = at?.back?.set ?? at?.old?.set
  const typed = await shell.ask.hidden(set ? `Share of set ${set}` : 'Share', options.shareFile, '--share-file')
  const answer = await giveShare(shell, typed)
  print.answer(answer, () => {
    if (answer.done) return print.line('The new shares count. Those of before open nothing any more.', 'green')
    print.line(
      `${'●'.repeat(answer.given)}${'○'.repeat(Math.max(0, answer.needed - answer.given))}  ${answer.given} of ${answer.needed} shares.`,
    )
    if (answer.given < answer.needed) print.hint('The next custodian does the same.')
  })
}
