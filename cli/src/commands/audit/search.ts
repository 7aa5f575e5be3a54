import { audit, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findPerson } from '../people/find-person.ts'

interface Options extends GlobalOptions {
  act?: string
  by?: string
  about?: string
  phase?: audit.Entry['phase']
  from?: string
  to?: string
  limit: string
  after?: string
}

export const auditSearch: CommandFile = (cli, act) =>
  cli
    .command('search [words...]')
    .summary('entries of the audit log, newest first')
    .description('Finds entries by act, person, id, time, and by whole words of what is shown in them. Personal values are not searched.')
    .option('--act <act>', 'an act or its beginning, such as access. or alarm.')
    .option('--by <person>', 'who acted')
    .option('--about <id>', 'an id that stands in the entry')
    .addOption(new Option('--phase <phase>').choices(['done', 'intent', 'outcome', 'refused', 'alarm']))
    .option('--from <time>', 'not before, ISO 8601')
    .option('--to <time>', 'before, ISO 8601')
    .option('--limit <entries>', 'how many', '50')
    .option('--after <place>', 'go on after the last one of the page before')
    .addHelpText(
      'after',
      examples({ 'claviger audit search --act access. --by alice': 'what alice asked for', 'claviger audit search deploy': 'a word' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, ...words) => {
  const { print } = shell
  const { act, about, phase, after, limit } = options
  const time = (text: string | undefined) => (text === undefined ? undefined : new Date(text).toISOString())
  const by = options.by === undefined ? undefined : (await findPerson(shell, options.by)).id
  const [from, to] = [time(options.from), time(options.to)]
  const all = { act, about, phase, after, by, from, to, search: words.join(' ') || undefined, limit: Number(limit) }
  const query = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  const { entries, size } = await shell.get(call(shell.server, audit.ledger, { query }))
  print.answer({ entries, size }, () => {
    print.table(
      [
        { title: 'PLACE', value: (e) => String(e.place ?? '–') },
        { title: 'ENTRY', value: (e) => e.id },
        { title: 'AT', value: (e) => print.time(e.at) },
        { title: 'ACT', value: (e) => e.act, style: (e) => (e.phase === 'alarm' ? 'red' : 'bold') },
        { title: 'PHASE', value: (e) => e.phase },
        { title: 'BY', value: (e) => e.by ?? '–' },
        {
          title: 'FIELDS',
          value: (e) =>
            Object.entries(e.fields)
              .map(([k, v]) => `${k}=${typeof v === 'string' ? v : JSON.stringify(v)}`)
              .join(' '),
        },
      ],
      entries,
      'No entry is like that.',
    )
    const last = entries.at(-1)
    if (last) print.next(`claviger audit prove ${last.id}`)
  })
}
