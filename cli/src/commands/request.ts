import { type AnswerOf, access, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError, exitCodes } from '../kit/exit.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'
import { requestFacts } from './request-facts.ts'
import { decided, waitForDecision } from './wait-for-decision.ts'
import { demands } from './words.ts'

interface Options extends GlobalOptions {
  for: string
  reason?: string
  ticket?: string
  wait?: boolean
  dryRun?: boolean
}

export const request: CommandFile = (cli, act) =>
  cli
    .command('request <account@target>')
    .summary('ask for access to an account, for a time and a reason')
    .description(
      'Shows what policy demands and files the request. With --wait it stays until somebody decided: exit 0 when approved, 5 when not.',
    )
    .requiredOption('--for <duration>', 'how long, such as 45m or 1h30m')
    .option('--reason <text>', 'why; approvers read it, and so does the audit log')
    .option('--ticket <id>', 'the ITSM ticket, where policy asks for one')
    .option('--wait', 'wait for the decision')
    .option('--dry-run', 'only say what policy would ask for; exit 5 when it says no')
    .addHelpText(
      'after',
      examples({
        'claviger request deploy@web01 --for 1h --reason "roll out 42"': 'files it',
        'claviger request root@web01 --for 30m --reason "disk full" --ticket INC-7 --wait': 'and waits for the answer',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, account = '') => {
  const { print } = shell
  const { reason, ticket, for: duration } = options
  const preview = await shell.get(call(shell.server, access.previewRequest, { body: { account, duration } }))
  if (options.dryRun) return sayPreview(shell, account, preview)
  if (reason === undefined) throw new CliError('usage', 'Say why: --reason "…" is needed, unless you only ask with --dry-run.')
  if (preview.allowed && preview.obligations && options.wait) print.hint(`Policy asks for: ${demands(preview.obligations)}.`)
  const body = { account, duration, reason, ...(ticket !== undefined && { itsmTicket: ticket }) }
  const filed = await shell.get(call(shell.server, access.fileRequest, { body }))
  const outcome = options.wait ? await waitForDecision(shell, filed, preview.approvers) : filed
  print.answer({ request: outcome }, () => {
    print.facts(requestFacts(print, outcome))
    if (outcome.state === 'queued') {
      print.hint(`Somebody else has ${account}. You are number ${outcome.position} in the queue; it begins by itself.`)
      print.next(`claviger accounts show ${account}`)
    } else if (outcome.state === 'waiting') {
      print.hint(`Waiting for ${preview.approvers.join(', ') || 'an approver'}.`)
      print.next(`claviger requests ${outcome.id}`)
    } else if (outcome.grant) print.next(`claviger connect ${account}`)
  })
  if (options.wait) decided(outcome)
}

/** What a request would meet, before anybody is asked. */
function sayPreview(shell: Shell, account: string, preview: AnswerOf<typeof access.previewRequest>): void {
  const { print } = shell
  const { allowed, message, obligations, because, approvers } = preview
  print.answer({ preview }, () => {
    print.line(
      allowed ? `Policy lets you ask for ${account}.` : `No. ${message ?? 'Policy does not allow this.'}`,
      allowed ? 'green' : 'red',
    )
    print.facts([
      ...(obligations ? [['demands', demands(obligations)] as const] : []),
      ...(approvers.length > 0 ? [['asked', approvers.join(', ')] as const] : []),
      ['because', because.join(', ') || '–'],
    ])
  })
  if (!allowed) process.exitCode = exitCodes.refused
}
