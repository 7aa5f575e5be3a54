import { asks as api, call, heldActKind, heldActText, heldActValues, unreadText } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { type PageOptions, paged, pageOf, sayMore } from '../../kit/paging.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { spell } from '../../kit/times.ts'
import { stateStyle } from '../words.ts'

interface Options extends GlobalOptions, PageOptions {
  all?: boolean
  mine?: boolean
  session?: string
}

export const sessionsAsks: CommandFile = (cli, act) =>
  paged(
    cli
      .command('asks')
      .summary('acts in sessions that wait for somebody else to decide')
      .description(
        'Lists what is held in sessions until somebody else allows it, newest first. Approvers and officers see all of it, others their own.',
      )
      .option('--mine', 'only those on which you may decide')
      .option('--all', 'those too that were decided on or are over')
      .option('--session <id>', 'of one session'),
    'ask',
  )
    .addHelpText(
      'after',
      examples({
        'claviger sessions asks --mine': 'what waits for you',
        'claviger sessions allow ask_4f9k2m7q1x': 'let one of them be done',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { print } = shell
  const { all, mine, session } = options
  if (all && mine) throw new CliError('usage', 'Give --mine or --all: what is over waits for nobody.', 'claviger sessions asks --help')
  const view = all ? ('all' as const) : mine ? ('inbox' as const) : ('waiting' as const)
  const query = { ...pageOf(options), view, ...(session && { session }) }
  const { asks } = await shell.get(call(shell.server, api.sessionAsks, { query }))
  print.answer({ asks }, () => {
    print.table(
      [
        { title: 'ASK', value: (a) => a.id },
        { title: 'STATE', value: (a) => a.state, style: stateStyle },
        { title: 'PERSON', value: (a) => a.person.name, style: () => 'bold' },
        { title: 'ACCOUNT', value: (a) => `${a.account}@${a.target}`, style: () => 'bold' },
        { title: 'LEFT', value: (a) => (a.state === 'waiting' ? spell(Math.max(0, (Date.parse(a.expiresAt) - Date.now()) / 1000)) : '–') },
        { title: 'WHAT', value: (a) => heldActKind[a.action].toLowerCase() },
        { title: 'ACT', value: (a) => oneLine(inOne(a)) },
        { title: 'ASKED', value: (a) => (a.mayDecide ? 'you' : whoIs(a.asked)) },
        { title: 'DECIDED', value: (a) => a.decidedBy ?? '–' },
      ],
      asks,
      'Nothing waits for a decision.',
    )
    sayMore(print, 'sessions asks', options, asks.length, asks.at(-1)?.id)
  })
}

/** Those who could decide now; of what is over nobody is asked any more. */
const whoIs = ({ names, more }: api.SessionAsk['asked']): string =>
  names.length === 0 ? '–' : `${names.slice(0, 3).join(', ')}${names.length + more > 3 ? ' …' : ''}`

const inOne = ({ act, unread }: api.SessionAsk): string =>
  act ? [heldActText(act), ...heldActValues(act)].join(' ⏎ ') : unreadText[unread ?? 'not_now']

const oneLine = (text: string): string => {
  const line = text.replaceAll('\n', ' ⏎ ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
