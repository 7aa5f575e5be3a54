import { people as api, type Call, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { findPerson } from './find-person.ts'
import { sayLink } from './invite.ts'

interface Options extends GlobalOptions {
  reason: string
  codeFile?: string
}
export const groupNames = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const
export const codeFile = ['--code-file <file>', 'take your code from a file, or from standard input: -'] as const
export const whom = async (shell: Shell, name: string, act: string, file: string | undefined) => {
  const found = await findPerson(shell, name)
  const code = (await shell.ask.hidden(`Your code ${act} ${found.name}`, file, '--code-file')).replaceAll(' ', '')
  return { params: { id: found.id }, code }
}
export const said = async (
  shell: Shell,
  asked: Promise<Call<{ person: api.PersonDetails['person'] }>>,
  sentence: (state: string) => string,
) => {
  const { person } = await shell.get(asked)
  shell.print.answer({ person }, () => shell.print.line(`${person.displayName} ${sentence(person.state)}`, 'green'))
  return person
}

export const peopleDisable: CommandFile = (cli, act) =>
  cli
    .command('disable <person>')
    .summary('shut somebody out, at once')
    .description(
      'Ends their sign-ins, tokens, certificates, grants and running sessions. Their history stays. The last administrator stays in.',
    )
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger people disable alice --reason "left the company"': 'then type your code' }))
    .action(act(disable))
const disable: Run<Options> = async (shell, { reason, codeFile }, name = '') => {
  const { params, code } = await whom(shell, name, 'shuts out', codeFile)
  await said(shell, call(shell.server, api.disablePerson, { params, body: { reason, code } }), () => 'is shut out.')
}

export const peopleEnable: CommandFile = (cli, act) =>
  cli
    .command('enable <person>')
    .summary('let a disabled person in again')
    .description('They sign in anew with the factors that they had. Nothing that was ended comes back.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger people enable alice': 'then type your code' }))
    .action(act(enable))
const enable: Run<Options> = async (shell, { codeFile }, name = '') => {
  const { params, code } = await whom(shell, name, 'lets in', codeFile)
  await said(shell, call(shell.server, api.enablePerson, { params, body: { code } }), (state) => `is ${state}.`)
}

export const peopleConfirm: CommandFile = (cli, act) =>
  cli
    .command('confirm <person>')
    .summary('say that a person whom another brought in is who they say')
    .description('Speak with them first. Until somebody else than who invited them confirms it, they can do nothing.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger people confirm erin': 'then type your code' }))
    .action(act(confirm))
const confirm: Run<Options> = async (shell, { codeFile }, name = '') => {
  const { params, code } = await whom(shell, name, 'confirms', codeFile)
  await said(shell, call(shell.server, api.confirmPerson, { params, body: { code } }), (state) => `is confirmed and ${state}.`)
}

export const peopleReset: CommandFile = (cli, act) =>
  cli
    .command('reset <person>')
    .summary('a lost phone or laptop: all factors and keys out of use, and a new link')
    .description(
      'Takes password, authenticator and SSH keys of another person out of use, ends what runs for them, and prints a one-time link.',
    )
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger people reset alice --reason "lost her phone"': 'prints the link' }))
    .action(act(reset))
const reset: Run<Options> = async (shell, { reason, codeFile }, name = '') => {
  const { params, code } = await whom(shell, name, 'resets', codeFile)
  const { person, enrolmentToken } = await shell.get(call(shell.server, api.resetPerson, { params, body: { reason, code } }))
  sayLink(shell, person, enrolmentToken)
}

interface LeaveOptions extends GlobalOptions {
  group: (typeof groupNames)[number][]
  codeFile?: string
}
export const peopleLeave: CommandFile = (cli, act) =>
  cli
    .command('leave <person>')
    .summary('take somebody out of groups')
    .description('They sign in again. To put somebody into a group: claviger people join.')
    .addOption(new Option('--group <group...>', 'which').choices([...groupNames]).makeOptionMandatory())
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger people leave bob --group approvers': 'then type your code' }))
    .action(act(leave))
const leave: Run<LeaveOptions> = async (shell, { group, codeFile }, name = '') => {
  const { params, code } = await whom(shell, name, 'takes out of groups', codeFile)
  await said(shell, call(shell.server, api.leaveGroups, { params, body: { groups: group, code } }), () => `left ${group.join(' and ')}.`)
}
