import { access, checkOut as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { requestFacts } from '../request-facts.ts'
import { decided, waitForDecision } from '../wait-for-decision.ts'

interface Options extends GlobalOptions {
  for: string
  reason: string
  ticket?: string
  wait: boolean
}

export const checkOut: CommandFile = (cli, act) =>
  cli
    .command('check-out <account@target>')
    .summary('hold an account; queue for it while somebody else does')
    .description(
      'Asks for the account and waits until it is yours: for approvers, where policy asks for them, and for your turn, where one person at a time may hold it. Where no gateway reaches the target you may then see the credential (claviger reveal), else connect. It comes back by itself at the end of its time, and its credential is replaced.',
    )
    .requiredOption('--for <duration>', 'how long, such as 45m or 1h30m')
    .requiredOption('--reason <text>', 'why; approvers read it, and so does the audit log')
    .option('--ticket <id>', 'the ITSM ticket, where policy asks for one')
    .option('--no-wait', 'file it and queue, without waiting here')
    .addHelpText(
      'after',
      examples({
        'claviger check-out admin@cache01 --for 30m --reason "restore a key"': 'and waits for its turn',
        'claviger check-in admin@cache01': 'gives it back early',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { for: duration, reason, ticket, wait }, name = '') => {
  const { print } = shell
  const account = await findAccount(shell, name)
  const before = await shell.get(call(shell.server, api.getCheckOut, { params: { id: account.id } }))
  const action = before.actions.includes('connect') ? 'connect' : 'reveal'
  if (before.holder && wait)
    print.hint(`${before.holder.displayName} holds ${name}${until(shell, before)}; ${before.queue.length} wait for it.`)
  const body = { account: name, action, duration, reason, ...(ticket !== undefined && { itsmTicket: ticket }) } as const
  const filed = await shell.get(call(shell.server, access.fileRequest, { body }))
  const outcome = wait ? await waitForDecision(shell, filed, []) : filed
  print.answer({ request: outcome }, () => {
    print.facts(requestFacts(print, outcome))
    if (outcome.grant) print.next(action === 'reveal' ? `claviger reveal ${name}` : `claviger connect ${name}`)
    else if (outcome.state === 'queued') print.next(`claviger accounts show ${name}`)
    else print.next(`claviger requests ${outcome.id}`)
  })
  if (wait) decided(outcome)
}

const until = (shell: Shell, { until }: api.CheckOut) => (until ? ` until ${shell.print.time(until)}` : '')
