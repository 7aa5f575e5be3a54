import { activations as api, call } from '@claviger/api'
import { Argument } from 'commander'
import { readIdentities } from '../../kit/age-identity.ts'
import type { CommandFile } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { writePrivate } from '../../kit/files.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { ownShare } from '../../kits/share-for-activation.ts'
import { readQuestion } from './read-question.ts'

interface Options extends GlobalOptions {
  identity?: string
  question?: string
  to?: string
  yes?: boolean
}

export const breakglassShare: CommandFile = (cli, act) =>
  cli
    .command('share')
    .addArgument(new Argument('<activation>', 'its id: bga_…'))
    .summary('as a custodian: give your share for one activation or drill')
    .description(
      "Opens your share on this machine, checks with the key that stands in it that your server's keeper asks for it, shows what for, and encrypts it to that keeper for this one activation. Nothing between here and there can read it. With --question and --to this machine needs no server and no sign-in: the console gives the one file and takes the other.",
    )
    .option('--identity <file>', 'your private key; asked for when it is left out')
    .option('--question <file>', 'what the keeper asks, as the console saved it')
    .option('--to <file>', 'writes the share for the console to take, and gives it to nobody')
    .option('--yes', 'do not ask once more')
    .addHelpText(
      'after',
      examples({
        'claviger breakglass share bga_4f9k2m7q1x --identity bob.key': 'shows what it is for, then asks',
        'claviger breakglass share bga_4f9k2m7q1x --question bga_4f9k2m7q1x.question --to bob.share': 'on a machine that reaches no server',
      }),
    )
    .action(act<Options>(run))

async function run(shell: Shell, { identity, question, to, yes }: Options, id = ''): Promise<void> {
  const { print } = shell
  const door = question === undefined ? await shell.get(call(shell.server, api.activationDoor, { params: { id } })) : readQuestion(question)
  const names = door.custodians.map((c) => c.name).join(', ')
  const own = await ownShare(door, await identities(shell, identity, names))
  if (!own) throw new CliError('refused', `That is not the key of a custodian. They are: ${names}.`)
  const { statement: s } = own
  if (s.activation !== id)
    throw new CliError('failed', `That asks for ${s.activation}, another activation. Give nothing, and tell security.`)
  if (!print.json)
    print.facts([
      [s.kind === 'drill' ? 'drill' : 'activation', s.activation, s.kind === 'drill' ? undefined : 'red'],
      ['opens', `${s.accounts.join(', ')}, for ${Math.ceil(s.seconds / 60)} minutes`],
      ['asked by', `${s.requester}, agreed by ${s.approver}`],
      ['reason', s.reason],
      ['your share', own.name],
    ])
  if (!yes && !(await shell.ask.confirm('Give it', '--yes'))) throw new CliError('refused', 'Nothing was given.')
  const sealed = await own.seal()
  if (to !== undefined) {
    writePrivate(to, `${sealed.trimEnd()}\n`)
    return print.answer({ share: { custodian: own.name, file: to } }, () => {
      print.line(`${to}: for this ${s.kind === 'drill' ? 'drill' : 'activation'} alone.`, 'green')
      print.hint('Nothing was given yet. In the console, under Break-glass: Give a share…')
    })
  }
  const given = await shell.get(call(shell.server, api.giveShare, { params: { id }, body: { sealed } }))
  print.answer({ share: given }, () => {
    if (given.opened) print.line(s.kind === 'drill' ? 'It is open, and was tried.' : 'It is open.', 'green')
    else print.line(`${given.given} of ${given.threshold}. The others have ${Math.ceil((given.forgottenIn ?? 600) / 60)} minutes.`, 'green')
    if (given.opened) print.next(s.kind === 'drill' ? `claviger breakglass activations ${id}` : `claviger connect ${s.accounts[0]}`)
  })
}

async function identities(shell: Shell, file: string | undefined, names: string): Promise<string[]> {
  if (file !== undefined) return readIdentities(file)
  const typed = (await shell.ask.hidden(`Your private key, or its file (${names})`, undefined, '--identity')).trim()
  return typed.startsWith('AGE-SECRET-KEY-') ? [typed] : readIdentities(typed)
}
