import { call, session } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { type PageOptions, paged, pageOf, sayMore } from '../../kit/paging.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { spell } from '../../kit/times.ts'
import { stateStyle } from '../words.ts'

interface Options extends GlobalOptions, PageOptions {
  search?: string
  state?: 'running' | 'ended'
}

export const sessionsList: CommandFile = (cli, act) =>
  paged(
    cli
      .command('list', { isDefault: true })
      .summary('sessions that you made or may see, newest first')
      .description('Lists sessions, newest first.')
      .addOption(new Option('--state <state>').choices(['running', 'ended']))
      .option('--search <text>', "part of somebody's name, or of ACCOUNT@TARGET"),
    'session',
  )
    .addHelpText(
      'after',
      examples({
        'claviger sessions list --state running': 'who is in now',
        'claviger sessions list --search @orders-db': 'who was in there',
      }),
    )
    .action(act(run))

/** What is left of a session that runs. */
export const leftOf = ({ endsAt }: session.Session, now: number): string =>
  endsAt === null ? '–' : spell(Math.max(0, (Date.parse(endsAt) - now) / 1000))

const run: Run<Options> = async (shell, options) => {
  const { state, search } = options
  const { print } = shell
  const { sessions } = await shell.get(
    call(shell.server, session.sessions, { query: { ...pageOf(options), ...(state && { state }), ...(search && { search }) } }),
  )
  print.answer({ sessions }, () => {
    print.table(
      [
        { title: 'SESSION', value: (s) => s.id },
        { title: 'STATE', value: (s) => (s.unobserved ? 'unobserved' : s.state), style: stateStyle },
        { title: 'PERSON', value: (s) => s.person.name, style: () => 'bold' },
        { title: 'ACCOUNT', value: (s) => `${s.account}@${s.target}`, style: () => 'bold' },
        { title: 'KIND', value: (s) => `${s.door} ${s.kind}` },
        { title: 'OPENED', value: (s) => print.time(s.openedAt) },
        { title: 'LENGTH', value: (s) => (s.recording ? spell(s.recording.seconds) : '–') },
        { title: 'LEFT', value: (s) => leftOf(s, Date.now()) },
        { title: 'ENDED', value: (s) => s.endReason ?? '–' },
        {
          title: 'RECORDING',
          value: (s) => s.recording?.state ?? 'none',
          style: (s) => stateStyle({ state: s.recording?.state ?? 'failed' }),
        },
      ],
      sessions,
      search ? 'No session is like that.' : 'There are no sessions.',
    )
    sayMore(print, 'sessions list', options, sessions.length, sessions.at(-1)?.id)
  })
}
