import { checkOut as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findGrant } from '../find.ts'
import { withFreshCode } from '../fresh-code.ts'
import { requestFacts } from '../request-facts.ts'
import { decided, waitForDecision } from '../wait-for-decision.ts'

interface Options extends GlobalOptions {
  for: string
  reason: string
  ticket?: string
  codeFile?: string
  wait: boolean
}

export const extend: CommandFile = (cli, act) =>
  cli
    .command('extend <account@target>')
    .summary('ask for more time with an account that you have')
    .description(
      'Policy and approvers decide as for a new request. The grant goes on, with everything that is open under it; with all its extensions it lasts eight hours at most. Where nobody else has to agree it takes a code of the last 15 minutes, and asks for one.',
    )
    .requiredOption('--for <duration>', 'how much longer, such as 30m')
    .requiredOption('--reason <text>', 'why; approvers read it, and so does the audit log')
    .option('--ticket <id>', 'the ITSM ticket, where policy asks for one')
    .option('--code-file <file>', 'take your code from a file, or from standard input: -')
    .option('--no-wait', 'file it without waiting for the decision')
    .addHelpText('after', examples({ 'claviger extend admin@cache01 --for 30m --reason "still restoring"': 'thirty minutes more' }))
    .action(act(run))

const run: Run<Options> = async (shell, { for: duration, reason, ticket, codeFile, wait }, name = '') => {
  const { print } = shell
  const grant = await findGrant(shell, name)
  if (!grant) throw new CliError('notGranted', `You hold no grant for ${name}.`, `claviger check-out ${name} --for ${duration} --reason …`)
  const body = { duration, reason, ...(ticket !== undefined && { itsmTicket: ticket }) }
  const filed = await withFreshCode(shell, codeFile, (code) =>
    shell.get(call(shell.server, api.extendGrant, { params: { id: grant.id }, body: { ...body, ...code } })),
  )
  const outcome = wait ? await waitForDecision(shell, filed, []) : filed
  print.answer({ request: outcome }, () => {
    print.facts(requestFacts(print, outcome))
    if (outcome.state === 'waiting') print.next(`claviger requests ${outcome.id}`)
  })
  if (wait) decided(outcome)
}
