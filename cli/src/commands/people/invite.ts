import { call, identity } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  displayName: string
  group?: ('engineers' | 'approvers' | 'security' | 'auditors' | 'administrators')[]
  codeFile?: string
}

export const peopleInvite: CommandFile = (cli, act) =>
  cli
    .command('invite <name>')
    .summary('bring in a person, or send an invited one a new link')
    .description(
      'Prints a one-time link with which the person chooses a password and an authenticator. Whoever joins approvers, security or administrators is confirmed afterwards by somebody else (claviger people confirm).',
    )
    .requiredOption('--display-name <text>', 'how people call them')
    .addOption(new Option('--group <group...>', 'groups').choices(['engineers', 'approvers', 'security', 'auditors', 'administrators']))
    .option('--code-file <file>', 'take your code from a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger people invite erin --display-name "Erin Sato" --group engineers': 'prints the link' }))
    .action(act(run))

const run: Run<Options> = async (shell, { displayName, group = [], codeFile }, name = '') => {
  const code = (await shell.ask.hidden(`Your code brings in ${name}`, codeFile, '--code-file')).replaceAll(' ', '')
  const body = { name, displayName, groups: group, code }
  const { person, enrolmentToken } = await shell.get(call(shell.server, identity.invitePerson, { body }))
  sayLink(shell, person, enrolmentToken)
}

/** The link is the answer: whoever has it becomes this person, so it is printed once and to nobody else. */
export function sayLink(
  shell: Parameters<Run<Options>>[0],
  person: identity.Person,
  enrolmentToken: string,
  password: 'keeps' | 'chooses' = 'chooses',
): void {
  // only what the page says hangs on it: the server knows whether there is a password
  const link = `${shell.base}/enrol${password === 'keeps' ? '?password=kept' : ''}#token=${enrolmentToken}`
  shell.print.answer({ person, link }, () => {
    shell.print.line(link, 'bold')
    shell.print.hint(`Good once, for three days. Give it to ${person.displayName} and to nobody else.`)
  })
}
