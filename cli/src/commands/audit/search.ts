import { audit, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { type PageOptions, paged, sayMore } from '../../kit/paging.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findPerson } from '../people/find-person.ts'
import { factsOf, named } from './facts.ts'

interface Options extends GlobalOptions, PageOptions {
  act?: string
  by?: string
  about?: string
  phase?: audit.Entry['phase']
  from?: string
  to?: string
}

export const auditSearch: CommandFile = (cli, act) =>
  paged(
    cli
      .command('search [words...]')
      .summary('entries of the audit log, newest first')
      .description('Finds entries by act, person, id, time, and by whole words of what is shown in them. Personal values are not searched.')
      .option('--act <act>', 'an act or its beginning, such as access. or alarm.')
      .option('--by <person>', 'who acted')
      .option('--about <id>', 'an id that stands in the entry')
      .addOption(new Option('--phase <phase>').choices(['done', 'intent', 'outcome', 'refused', 'alarm']))
      .option('--from <time>', 'not before, ISO 8601')
      .option('--to <time>', 'before, ISO 8601'),
    'place',
    50,
  )
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
  const all = { act, about, phase, after, by, from, to, search: words.join(' ') || undefined, limit }
  const query = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  const { entries, size, names } = await shell.get(call(shell.server, audit.ledger, { query }))
  print.answer({ entries, size, names }, () => {
    print.table(
      [
        { title: 'PLACE', value: (e) => String(e.place ?? '–') },
        { title: 'ENTRY', value: (e) => e.id },
        { title: 'WHEN', value: (e) => print.time(e.at) },
        { title: 'ACT', value: (e) => e.act, style: (e) => (e.phase === 'alarm' ? 'red' : 'bold') },
        { title: 'PHASE', value: (e) => e.phase },
        { title: 'BY', value: (e) => named(e.by ?? '–', names) },
        { title: 'ABOUT', value: (e) => factsOf(e.fields, names) },
      ],
      entries,
      'No entry is like that.',
    )
    const last = entries.at(-1)
    sayMore(print, ['audit search', ...words].join(' '), options, entries.length, last?.place?.toString())
    if (last && entries.length < limit) print.next(`claviger audit prove ${last.id}`)
  })
}
