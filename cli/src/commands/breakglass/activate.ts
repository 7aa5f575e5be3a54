import { activations as api, call } from '@claviger/api'
import { Argument } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { parseAccountAtTarget } from '../find.ts'
import { codeFile } from '../people/change.ts'
import { activationFacts } from './activation-facts.ts'

interface Options extends GlobalOptions {
  for: string
  reason: string
  codeFile?: string
}

export const breakglassActivate: CommandFile = (cli, act) =>
  cli
    .command('activate')
    .addArgument(new Argument('<account@target...>', 'accounts for emergencies, at most 20'))
    .summary('in an emergency, while the server is up: say that these accounts are needed now')
    .description(
      'You are the first of two people; the second says yes with claviger breakglass approve, and one of you is of security. Then custodians give their shares (claviger breakglass share), everybody of security is alarmed, and you connect as always: claviger connect ACCOUNT. Nobody sees the credential; the session is recorded, and at the end it is rotated.',
    )
    .requiredOption('--for <duration>', 'how long, at most 4h')
    .requiredOption('--reason <text>', 'what happened; it stands in the ledger and in the review')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({ 'claviger breakglass activate root@web01 --for 1h --reason "web01 is down, no approver answers"': 'then type your code' }),
    )
    .action(act<Options>((shell, options, ...names) => ask(shell, options, 'emergency', names.flat())))

export const breakglassDrill: CommandFile = (cli, act) =>
  cli
    .command('drill')
    .addArgument(new Argument('<account@target>', 'one account for emergencies'))
    .summary('rehearse an activation on one account, checked by machine')
    .description(
      'The same two people and custodians as in an emergency. The server logs in with what they open and says what failed; nobody gets in, the alarm says that it is a drill, and the account is rotated.',
    )
    .option('--reason <text>', 'why now', 'a drill that was due')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger breakglass drill root@web01': 'then type your code' }))
    .action(act<Options>((shell, options, name) => ask(shell, { ...options, for: '10m' }, 'drill', [name ?? ''])))

async function ask(
  shell: Shell,
  { for: duration, reason, codeFile }: Options,
  kind: 'emergency' | 'drill',
  accounts: readonly string[],
): ReturnType<Run<Options>> {
  const { print } = shell
  for (const name of accounts) parseAccountAtTarget(name)
  const what = kind === 'drill' ? `rehearses ${accounts.join(', ')}` : `asks for ${accounts.join(', ')}`
  const code = (await shell.ask.hidden(`Your code ${what}`, codeFile, '--code-file')).replaceAll(' ', '')
  const asked = await shell.get(call(shell.server, api.activate, { body: { code, kind, accounts: [...accounts], reason, duration } }))
  print.answer({ activation: asked }, () => {
    print.facts(activationFacts(print, asked))
    print.hint('Now a second person, of security or administrators:')
    print.next(`claviger breakglass approve ${asked.id}`)
  })
}
