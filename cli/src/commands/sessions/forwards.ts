import { call, session } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'

interface Options extends GlobalOptions {
  after: number
  limit: number
}

export const sessionsForwards: CommandFile = (cli, act) =>
  cli
    .command('forwards <session>')
    .summary('which connections a session carried (ssh -L, -D, -R)')
    .description(
      'Lists the connections that a session carried for its SSH client: where to, who connected, how many bytes passed and how it ended. What passed is not recorded.',
    )
    .addOption(
      new Option('--after <n>', 'those that follow the one with this number').argParser(wholeNumber('Give a whole number.', 0)).default(0),
    )
    .addOption(new Option('--limit <n>', 'at most so many, up to 500').argParser(wholeNumber('Give a whole number.', 0)).default(100))
    .addHelpText('after', examples({ 'claviger sessions forwards ses_4f9k2m7q1x': 'what was reached through it' }))
    .action(act(run))

const run: Run<Options> = async (shell, { after, limit }, id = '') => {
  const { print } = shell
  if (limit < 1 || limit > 500) throw new CliError('usage', 'A page has 1 to 500 connections.')
  const page = await shell.get(call(shell.server, session.sessionForwards, { params: { id }, query: { after, limit } }))
  print.answer({ session: id, ...page }, () => {
    print.table(
      [
        { title: '#', value: (f) => String(f.n) },
        { title: 'OPENED', value: (f) => print.time(f.openedAt) },
        { title: 'WHERE', value: (f) => `${f.direction === 'local' ? 'to' : 'taken at'} ${f.host}:${f.port}`, style: () => 'bold' },
        { title: 'FROM', value: (f) => f.from },
        { title: 'SENT', value: (f) => bytes(f.sent) },
        { title: 'RECEIVED', value: (f) => bytes(f.received) },
        {
          title: 'OUTCOME',
          value: outcomeOf,
          style: (f) => (f.outcome === 'closed' ? undefined : f.outcome === 'failed' ? 'red' : 'yellow'),
        },
      ],
      page.forwards,
      'No connection was carried.',
    )
    if (page.next !== null) print.next(`claviger sessions forwards ${id} --after ${page.next}`)
  })
}

const bytes = (count: number | null): string => (count === null ? '–' : String(count))
const outcomeOf = (f: session.Forward): string => {
  const word = f.outcome ?? 'open'
  return f.message === null ? word : `${word}: ${f.message}`
}
