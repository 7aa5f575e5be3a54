import { call, session } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'
import { marksOf } from './statement-marks.ts'
import { statementsText } from './statements-text.ts'
import { wholeVerified } from './whole-verified.ts'

interface Options extends GlobalOptions {
  after: number
  limit: number
  view?: string
  text?: boolean
}

export const sessionsStatements: CommandFile = (cli, act) =>
  cli
    .command('statements <session>')
    .summary('the statements of an SQL session, and whether its recording is whole')
    .description(
      'Lists statements with parameters, duration, rows and outcome. MARKS says where what you read is not all that was sent: masked, truncated, shortened. Passwords in them are masked. That you looked is recorded. Exits 1 when the recording is not whole.',
    )
    .addOption(
      new Option('--after <n>', 'those that follow the statement with this number')
        .argParser(wholeNumber('Give a whole number.', 0))
        .default(0),
    )
    .addOption(new Option('--limit <n>', 'at most so many, up to 500').argParser(wholeNumber('Give a whole number.', 0)).default(100))
    .option('--view <entry>', 'as part of a viewing: what the page before gave; without it, another one')
    .option('--text', 'all of them, whole, as text')
    .addHelpText(
      'after',
      examples({
        'claviger sessions statements ses_4f9k2m7q1x': 'what was asked of the database',
        'claviger sessions statements ses_4f9k2m7q1x --text | less': 'to read and search',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { after, limit, view, text }, id = '') => {
  const { print } = shell
  if (text && !print.json) return print.raw(await statementsText(shell, id))
  if (limit < 1 || limit > 500) throw new CliError('usage', 'A page has 1 to 500 statements.')
  const asked = call(shell.server, session.sessionStatements, { params: { id }, query: { after, limit, ...(view && { view }) } })
  const page = await shell.get(asked, 'Opening the recording')
  const { statements, total, next } = page
  const ofIt = { params: { id, view: page.view } }
  const verified = await wholeVerified(shell, page.verified, () => call(shell.server, session.statementsVerified, ofIt))
  print.answer({ session: id, ...page, verified }, () => {
    print.table(
      [
        { title: '#', value: (s) => String(s.n) },
        { title: 'AT', value: (s) => `${s.seconds.toFixed(1)}s` },
        { title: 'OUTCOME', value: outcomeOf, style: (s) => (s.outcome === 'ok' ? undefined : s.outcome === 'failed' ? 'red' : 'yellow') },
        { title: 'TOOK', value: (s) => (s.durationMs === null ? '–' : `${s.durationMs.toFixed(1)} ms`) },
        { title: 'ROWS', value: (s) => (s.rows === null ? '–' : String(s.rows)) },
        { title: 'STATEMENT', value: (s) => oneLine(s.sql), style: () => 'bold' },
        { title: 'WITH', value: (s) => s.parameters.map((p) => (p === null ? 'null' : `'${oneLine(p)}'`)).join(', ') || '–' },
        { title: 'MARKS', value: (s) => marksOf(s).join(', ') || '–', style: () => 'yellow' },
      ],
      statements,
      'There are no statements.',
    )
    if (total > statements.length) print.hint(`${statements.length} of ${total} statements.`)
    if (next !== null) print.next(`claviger sessions statements ${id} --after ${next} --view ${page.view}`)
    print.hint(`Recording: ${verified.message}`)
  })
  if (!verified.ok) process.exitCode = 1
}

const outcomeOf = (s: session.Statement): string => (s.sqlState === null ? s.outcome : `${s.outcome} ${s.sqlState}`)

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
