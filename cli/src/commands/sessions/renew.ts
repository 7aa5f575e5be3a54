import { access, call, session } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { spell } from '../../kit/times.ts'
import { withFreshCode } from '../fresh-code.ts'
import { decided, waitForDecision } from '../wait-for-decision.ts'

interface Options extends GlobalOptions {
  for?: string
  reason?: string
  ticket?: string
  codeFile?: string
  wait: boolean
}

export const sessionsRenew: CommandFile = (cli, act) =>
  cli
    .command('renew <session>')
    .summary('ask for more time in a running session of yours')
    .description(
      'Asks for as much time again as you asked for before, with the same reason and ITSM ticket unless you name others, and with the same approvals: what is granted moves the end of the grant and of every session under it, eight hours in all at most. Where nobody else has to agree it takes a code of the last 15 minutes, and asks for one.',
    )
    .option('--for <duration>', 'how much longer, such as 30m')
    .option('--reason <text>', 'why; approvers read it, and so does the audit log')
    .option('--ticket <id>', 'another ITSM ticket than before')
    .option('--code-file <file>', 'take your code from a file, or from standard input: -')
    .option('--no-wait', 'file it without waiting for the decision')
    .addHelpText('after', examples({ 'claviger sessions renew ses_4f9k2m7q1x': 'as long again as before' }))
    .action(act(run))

const run: Run<Options> = async (shell, { for: duration, reason, ticket, codeFile, wait }, id = '') => {
  const { print } = shell
  const more = { ...(duration && { duration }), ...(reason && { reason }), ...(ticket && { itsmTicket: ticket }) }
  const asked = await withFreshCode(shell, codeFile, (code) =>
    shell.get(call(shell.server, session.renewSession, { params: { id }, body: { ...more, ...code } })),
  )
  const request = await shell.get(call(shell.server, access.getRequest, { params: { id: asked.request } }))
  const outcome = wait && !asked.granted ? await waitForDecision(shell, request, []) : request
  const shown = await shell.get(call(shell.server, session.getSession, { params: { id } }))
  print.answer({ request: outcome, session: shown }, () => {
    if (outcome.state === 'approved') print.line(`${id} was given ${spell(asked.seconds)} more.`, 'green')
    else print.line(`Request ${asked.request} for ${spell(asked.seconds)} more is ${outcome.state}.`, 'yellow')
    if (outcome.state === 'waiting') print.next(`claviger requests ${asked.request}`)
  })
  if (wait) decided(outcome)
}
