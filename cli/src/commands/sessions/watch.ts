import { follow, live } from '@claviger/api'
import { TerminalFilter } from '../../cast/terminal-safe.ts'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { answered } from '../../kit/server.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  covert?: string
}

export const sessionsWatch: CommandFile = (cli, act) =>
  cli
    .command('watch <session>')
    .summary('see a running session as it happens')
    .description(
      'Shows a running session as it happens, less than half a second behind; Ctrl-C stops it. The person is told that you watch, in their terminal or by a notice of their database, unless --covert gives the reason why not, which takes a security officer. That you watched, and how, is recorded. With --json: a JSON line for each thing that happens.',
    )
    .option('--covert <reason>', 'without the person being told; the reason stands in the audit log')
    .addHelpText(
      'after',
      examples({
        'claviger sessions watch ses_4f9k2m7q1x': 'its screen, or its statements',
        'claviger sessions watch ses_4f9k2m7q1x --covert "INC-4711: suspected theft of data"': 'unnoticed',
        'claviger sessions watch ses_4f9k2m7q1x --json | jq -r .sql': 'for programs',
      }),
    )
    .action(act(run))

/** Colours off, cursor shown, out of the alternate screen, no mouse reports, no bracketed paste. */
const leaveScreen = '\u001b[0m\u001b[?25h\u001b[?1049l\u001b[?1000l\u001b[?1006l\u001b[?2004l\r\n'

const endings: Record<string, string> = {
  session_over: 'The session has ended',
  interrupted: 'Interrupted: the gateway that carried the session was cut off',
  too_slow: 'What happened was more than this connection took; watch again to go on',
  signed_out: 'Your sign-in has ended, or you may not watch any more',
  stopping: 'The server stops; watch again in a moment',
  failed: 'The server could not go on; look into the recording',
}

const run: Run<Options> = async (shell, { covert }, id = '') => {
  const { print } = shell
  const leaving = new AbortController()
  process.once('SIGINT', () => leaving.abort())
  // no answer has an end here, so none is waited for
  const to = {
    ...shell.server,
    fetch: (url: Parameters<typeof fetch>[0], init?: RequestInit) => fetch(url, { ...init, redirect: 'error' }),
  }
  const args = { params: { id }, body: covert === undefined ? {} : { covert: { reason: covert } } }
  const lines = await answered(follow(to, live.watchSession, args, leaving.signal), shell.base)
  const filter = new TerminalFilter()
  let screen = false
  let over: Extract<live.LiveEvent, { kind: 'over' }> | undefined
  try {
    for await (const event of lines) {
      if (event.kind === 'over') over = event
      if (print.json) print.raw(`${JSON.stringify({ version: 1, ...event })}\n`)
      else if (event.kind === 'output') {
        screen = true
        print.raw(filter.pass(event.text))
      } else if (event.kind === 'statement') print.line(`${event.n}  ${event.sql.replace(/\s+/g, ' ')}`)
      else if (event.kind === 'statement_end')
        print.line(`${event.n}  ${event.outcome}${event.tag ? ` ${event.tag}` : ''}${event.message ? `: ${event.message}` : ''}`)
      else if (event.kind === 'gateway')
        print.hint(event.heard ? 'The gateway is heard again.' : 'Nothing is heard of the gateway: what happens there is not shown.')
      else if (event.kind === 'file') print.line(`${event.n}  ${event.op} ${event.path} ${event.outcome}`)
    }
  } catch {
    if (!leaving.signal.aborted)
      throw new CliError('unreachable', `The connection to ${shell.base} broke.`, `claviger sessions watch ${id}`)
  } finally {
    if (screen && !print.json) print.raw(leaveScreen)
  }
  if (over && !print.json)
    print.hint(`${endings[over.why] ?? over.why}${over.endReason && over.why !== 'interrupted' ? ` (${over.endReason})` : ''}.`)
}
