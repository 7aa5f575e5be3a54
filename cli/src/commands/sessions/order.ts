import { call, live } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findPerson } from '../people/find-person.ts'

const said = {
  done: (id: string, what: string) => `${what} ${id}.`,
  not_shown: (id: string) => `${id} has no terminal: there is nothing in which the person could see it.`,
  waiting: (id: string) => `Ordered. The gateway of ${id} did not say yet that it is done; look with claviger sessions show ${id}.`,
} as const

interface Reason extends GlobalOptions {
  reason: string
}

export const sessionsMessage: CommandFile = (cli, act) => {
  const run: Run<GlobalOptions> = async (shell, _options, id = '', message = '') => {
    const answer = await shell.get(call(shell.server, live.messageSession, { params: { id }, body: { message } }))
    shell.print.answer({ session: id, ...answer }, () => shell.print.line(said[answer.outcome](id, 'Shown in')))
  }
  return cli
    .command('message <session> <text>')
    .summary('show the person of a running session a line')
    .description('Shows one line in the terminal of a running session, or as a notice of its database. For security officers.')
    .addHelpText('after', examples({ 'claviger sessions message ses_4f9k2m7q1x "Please stop at five."': 'in their terminal' }))
    .action(act(run))
}

export const sessionsSuspend: CommandFile = (cli, act) => {
  const run: Run<Reason> = async (shell, { reason }, id = '') => {
    const answer = await shell.get(call(shell.server, live.suspendSession, { params: { id }, body: { reason } }))
    shell.print.answer({ session: id, ...answer }, () => shell.print.line(said[answer.outcome](id, 'Suspended')))
  }
  return cli
    .command('suspend <session>')
    .summary('hold a running session')
    .description(
      'Holds a running session: nothing passes either way until it is resumed, or its grant ends. The person is told why. For security officers.',
    )
    .requiredOption('--reason <text>', 'why; the person sees it, and it stands in the audit log')
    .addHelpText('after', examples({ 'claviger sessions suspend ses_4f9k2m7q1x --reason "Wait for me."': 'until it is resumed' }))
    .action(act(run))
}

export const sessionsResume: CommandFile = (cli, act) => {
  const run: Run<Reason> = async (shell, { reason }, id = '') => {
    const answer = await shell.get(call(shell.server, live.resumeSession, { params: { id }, body: { reason } }))
    shell.print.answer({ session: id, ...answer }, () => shell.print.line(said[answer.outcome](id, 'Resumed')))
  }
  return cli
    .command('resume <session>')
    .summary('let a suspended session go on')
    .description('Lets a suspended session go on; what was typed meanwhile passes now. For security officers.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .addHelpText('after', examples({ 'claviger sessions resume ses_4f9k2m7q1x --reason "Spoke to her."': 'goes on' }))
    .action(act(run))
}

export const sessionsEndAll: CommandFile = (cli, act) => {
  const run: Run<Reason> = async (shell, { reason }, name = '') => {
    const { id } = await findPerson(shell, name)
    const answer = await shell.get(call(shell.server, live.endSessionsOf, { params: { id }, body: { reason } }), 'Cutting the sessions')
    const { ended } = answer
    shell.print.answer({ person: id, ...answer }, () => shell.print.line(`Cut ${ended} session${ended === 1 ? '' : 's'} of ${name}.`))
  }
  return cli
    .command('end-all <person>')
    .summary('cut all running sessions of a person now')
    .description('Cuts all sessions of a person that run now, on every server. For security officers.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .addHelpText('after', examples({ 'claviger sessions end-all alice --reason "lost laptop"': 'whatever they have open' }))
    .action(act(run))
}
