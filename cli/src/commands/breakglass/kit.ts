import { breakGlass as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { writePrivate } from '../../kit/files.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  to: string
  last?: boolean
}

export const breakglassKit: CommandFile = (cli, act) =>
  cli
    .command('kit')
    .summary('make an offline kit of all accounts for emergencies')
    .description(
      'One file: the credentials, how each target is reached and known, where the opening is told, and the newest checkpoint of the ledger. Nothing in it opens without its custodians, so it may lie on a USB stick in a drawer; the server makes it stale with each rotation of what it holds.',
    )
    .requiredOption('--to <file>', 'the file')
    .option('--last', 'the newest one that was made, instead of a new one')
    .addHelpText(
      'after',
      examples({ 'claviger breakglass kit --to /media/stick/claviger.kit': 'then put the stick where custodians find it' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { to, last }) => {
  const { print } = shell
  const kit = last ? await newest(shell) : await shell.get(call(shell.server, api.makeKit), 'Sealing')
  writePrivate(to, await fetchKit(shell, kit.id))
  print.answer({ kit, file: to }, () => {
    print.line(`${to}: ${kit.accounts} accounts, made ${print.time(kit.madeAt)}.`, 'green')
    if (kit.stale.length > 0) print.hint(`It is not as things are: ${kit.stale.join('; ')}.`)
    print.hint('Custodians open it with: claviger breakglass open FILE')
  })
}

async function newest(shell: Shell) {
  const { kits } = await shell.get(call(shell.server, api.breakglass))
  const [kit] = kits
  if (!kit) throw new CliError('failed', 'No kit was made yet.', 'claviger breakglass kit --to FILE')
  return kit
}

async function fetchKit(shell: Shell, id: string): Promise<string> {
  let text = ''
  for (;;) {
    const { part, total } = await shell.get(call(shell.server, api.kitPart, { params: { id }, query: { from: text.length } }))
    text += part
    if (text.length >= total) return text
    if (part === '') throw new CliError('failed', 'The server did not give the whole file. Try again.')
  }
}
