import { call, session } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'
import { filesText } from './files-text.ts'
import { wholeVerified } from './whole-verified.ts'

interface Options extends GlobalOptions {
  after: number
  limit: number
  view?: string
  text?: boolean
}

export const sessionsFiles: CommandFile = (cli, act) =>
  cli
    .command('files <session>')
    .summary('what a transfer (sftp, scp) or LOAD DATA LOCAL did to files, and whether the recording is whole')
    .description(
      'Lists which file was read, written, renamed or removed, with the bytes that passed and their SHA-256. There is no hash where a file did not pass whole and in order. Contents are not recorded. That you looked is recorded. Exits 1 when the recording is not whole.',
    )
    .addOption(
      new Option('--after <n>', 'those that follow the one with this number').argParser(wholeNumber('Give a whole number.', 0)).default(0),
    )
    .addOption(new Option('--limit <n>', 'at most so many, up to 500').argParser(wholeNumber('Give a whole number.', 0)).default(100))
    .option('--view <entry>', 'as part of a viewing: what the page before gave; without it, another one')
    .option('--text', 'all of them as text')
    .addHelpText(
      'after',
      examples({
        'claviger sessions files ses_4f9k2m7q1x': 'which files went where',
        'claviger sessions files ses_4f9k2m7q1x --text | grep shadow': 'to search',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { after, limit, view, text }, id = '') => {
  const { print } = shell
  if (text && !print.json) return print.raw(await filesText(shell, id))
  if (limit < 1 || limit > 500) throw new CliError('usage', 'A page has 1 to 500 files.')
  const asked = call(shell.server, session.sessionFiles, { params: { id }, query: { after, limit, ...(view && { view }) } })
  const page = await shell.get(asked, 'Opening the recording')
  const { files, total, next } = page
  const ofIt = { params: { id, view: page.view } }
  const verified = await wholeVerified(shell, page.verified, () => call(shell.server, session.filesVerified, ofIt))
  print.answer({ session: id, ...page, verified }, () => {
    print.table(
      [
        { title: '#', value: (f) => String(f.n) },
        { title: 'AT', value: (f) => `${f.seconds.toFixed(1)}s` },
        { title: 'DID', value: (f) => f.op },
        { title: 'PATH', value: (f) => (f.to === null ? f.path : `${f.path} → ${f.to}`), style: () => 'bold' },
        { title: 'BYTES', value: bytesOf },
        { title: 'SHA-256', value: (f) => f.sha256 ?? '–' },
        { title: 'OUTCOME', value: outcomeOf, style: (f) => (f.outcome === 'ok' ? undefined : f.outcome === 'failed' ? 'red' : 'yellow') },
      ],
      files,
      'Nothing was done to any file.',
    )
    if (total > files.length) print.hint(`${files.length} of ${total}.`)
    if (next !== null) print.next(`claviger sessions files ${id} --after ${next} --view ${page.view}`)
    print.hint(`Recording: ${verified.message}`)
  })
  if (!verified.ok) process.exitCode = 1
}

const bytesOf = (f: session.FileAct): string => {
  if (f.bytes === null) return '–'
  return f.from === 0 ? String(f.bytes) : `${f.bytes} from ${f.from}`
}
const outcomeOf = (f: session.FileAct): string => (f.message === null ? f.outcome : `${f.outcome}: ${f.message}`)
