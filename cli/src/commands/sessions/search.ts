import { call, type session, sessionSearch } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'

interface Options extends GlobalOptions {
  person?: string
  account?: string
  target?: string
  ticket?: string
  since?: string
  until?: string
  exit?: string
  alerts?: string | true
  after?: string
  limit: number
}

export const sessionsSearch: CommandFile = (cli, act) =>
  cli
    .command('search [words...]')
    .summary('sessions in whose recordings words stand')
    .description(
      'Finds sessions by whole words in commands, statements, names of files and on the screen, all of which must stand in a recording; newest first. For security officers and auditors. That you searched for what, and each recording that is opened for it, is recorded.',
    )
    .option('--person <text>', 'part of a name')
    .option('--account <text>', 'part of ACCOUNT@TARGET')
    .option('--target <text>', "part of a target's name")
    .option('--ticket <ticket>', 'under this ITSM ticket')
    .option('--since <time>', 'opened at this time or later (2026-01-15, or with a time: 2026-01-15T09:30Z)')
    .option('--until <time>', 'opened before it')
    .option('--exit <status>', 'with this exit status; failed: with any but 0')
    .option('--alerts [rule]', 'in which a rule saw something, or this rule; none: in which none did')
    .addOption(
      new Option('--limit <n>', 'at most so many, up to 20').argParser(wholeNumber('Give a whole number from 1 to 20.', 1, 20)).default(10),
    )
    .option('--after <place>', 'go on after the page before')
    .addHelpText(
      'after',
      examples({
        'claviger sessions search nginx.conf --target web01 --since 2026-01-01': 'who was at that file',
        'claviger sessions search "drop table" orders --alerts': 'as it stands, together with another word',
        'claviger sessions search --person alice --exit failed': 'without words: by what a session is',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, ...words) => {
  const { print } = shell
  const { person, account, target, ticket, since, until, exit, alerts, after, limit } = options
  // what the shell kept together stands together
  const text = words.map((word) => (/\s/.test(word) && !word.includes('"') ? `"${word}"` : word)).join(' ')
  const body = {
    ...{ words: text || undefined, person, account, target, ticket, after, limit },
    ...{ since: timeOf(since), until: timeOf(until), exit: exitOf(exit), alerts: alerts === true ? 'any' : alerts },
  }
  const found = await shell.get(call(shell.server, sessionSearch.searchSessions, { body }), 'Searching the recordings')
  print.answer(found, () => {
    for (const { session: s, hits, looked } of found.sessions) {
      print.line(`${s.id}  ${print.time(s.openedAt)}  ${s.person.name}  ${s.account}@${s.target}  ${s.door} ${s.kind}${said[looked] ?? ''}`)
      for (const hit of hits) print.line(`  ${momentOf(hit)}  ${hit.text}`)
    }
    if (found.sessions.length === 0) print.hint(text ? 'No recording has these words.' : 'No session is like that.')
    for (const { session: s, hits } of found.sessions.slice(0, 1)) if (hits.length > 0) print.next(openerOf(s))
    if (found.next !== null) print.hint(`There may be more: the same with --after ${found.next}`)
    if (found.waiting > 0) print.hint(`${found.waiting} recordings are not looked through yet.`)
    if (found.failed > 0) print.hint(`${found.failed} recordings cannot be searched: their keys are gone, or they do not open.`)
  })
}

const said: Partial<Record<sessionSearch.FoundSession['looked'], string>> = {
  part: '  (read in part: it takes too long)',
  elsewhere: "  (its recording is not in this server's folder)",
  unreadable: '  (its recording does not open)',
}

const momentOf = ({ where, n, seconds }: sessionSearch.SearchHit): string =>
  `${`${seconds.toFixed(1)}s`.padStart(9)}  ${n === null ? where : `${where} #${n}`}`

const openerOf = (s: session.Session): string =>
  `claviger sessions ${s.kind === 'sql' ? 'statements' : s.kind === 'files' ? 'files' : 'play'} ${s.id}`

function timeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new CliError('usage', `${text} is no time. Write 2026-01-15, or 2026-01-15T09:30Z.`)
  return time.toISOString()
}

function exitOf(text: string | undefined): number | 'failed' | undefined {
  if (text === undefined || text === 'failed') return text
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw new CliError('usage', 'An exit status is 0 to 255, or failed.')
  return Number(text)
}
