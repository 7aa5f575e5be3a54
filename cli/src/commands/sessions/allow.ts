import { asks as api, call, heldActKind, heldActText, heldActValues, unreadText } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { askDigest } from '../../verify/ask-digest.ts'
import { codeFile } from '../people/change.ts'

interface AllowOptions extends GlobalOptions {
  comment?: string
  codeFile?: string
}
interface RefuseOptions extends GlobalOptions {
  reason: string
}

export const sessionsAllow: CommandFile = (cli, act) =>
  cli
    .command('allow <ask>')
    .summary('let exactly this act be done, once')
    .description(
      'Shows all of what is held in a session and asks for a fresh code. Your yes is good for that act alone, once, and only now. Not for your own.',
    )
    .option('--comment <text>', 'a word to whoever looks later')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger sessions allow ask_4f9k2m7q1x': 'look, then type your code' }))
    .action(act(allow))

const allow: Run<AllowOptions> = async (shell, { comment, codeFile }, id = '') => {
  const { ask, print } = shell
  const { asks } = await shell.get(call(shell.server, api.sessionAsks, { query: { id } }))
  const [held] = asks
  if (!held) throw new CliError('failed', `Nothing waits as ${id}.`, 'claviger sessions asks')
  const { act } = held
  if (!act) throw new CliError('failed', unreadText[held.unread ?? 'not_now'], 'claviger sessions asks')
  // a yes is to the digest: it must be that of the text which is read here, whoever sent both
  if (askDigest(held) !== held.digest)
    throw new CliError('failed', 'What the server shows is not what the yes would be for. Nothing was allowed: tell a security officer.')
  if (!print.json) {
    print.line(`${held.person.displayName} (${held.person.name}) as ${held.account}@${held.target}, session ${held.session}:`, 'bold')
    print.line(`${heldActKind[act.action]}${act.action === 'query' ? ` in database ${act.database}` : ''}:`)
    for (const line of heldActText(act).split('\n')) print.line(`  ${line}`)
    const values = heldActValues(act)
    if (values.length > 0) print.line('With these values:')
    for (const [i, value] of values.entries()) print.line(`  ${i + 1}. ${value}`)
  }
  const code = await ask.hidden(`Your code lets exactly this be done, digest ${held.digest.slice(0, 12)}…`, codeFile, '--code-file')
  const body = { digest: held.digest, code: code.replaceAll(' ', ''), ...(comment !== undefined && { comment }) }
  const allowed = await shell.get(call(shell.server, api.allowSessionAsk, { params: { id }, body }))
  print.answer({ ask: allowed }, () => print.line(`${id} is allowed, this once.`, 'green'))
}

export const sessionsRefuse: CommandFile = (cli, act) =>
  cli
    .command('refuse <ask>')
    .summary('say no to an act that is held')
    .description('Says no to what is held in a session; it is not done, and the person reads why.')
    .requiredOption('--reason <text>', 'why; the person reads it')
    .addHelpText('after', examples({ 'claviger sessions refuse ask_4f9k2m7q1x --reason "not during the freeze"': 'no' }))
    .action(act(refuse))

const refuse: Run<RefuseOptions> = async (shell, { reason }, id = '') => {
  const { print } = shell
  const refused = await shell.get(call(shell.server, api.refuseSessionAsk, { params: { id }, body: { reason } }))
  print.answer({ ask: refused }, () => print.line(`Refused ${id} of ${refused.person.name}.`))
}
