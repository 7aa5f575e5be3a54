import { people as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { collectPages } from '../pages.ts'
import { stateStyle } from '../words.ts'

interface Options extends GlobalOptions {
  search?: string
  state?: api.PersonSummary['state']
}

export const peopleList: CommandFile = (cli, act) =>
  cli
    .command('people')
    .summary('the people, their groups and what they sign in with')
    .description('Lists people by name. Factors, keys and when somebody was last seen are shown to administrators, security and auditors.')
    .option('--search <text>', 'part of a name')
    .addOption(new Option('--state <state>').choices(['invited', 'unconfirmed', 'active', 'disabled']))
    .addHelpText(
      'after',
      examples({ 'claviger people': 'everyone', 'claviger people --state unconfirmed': 'who waits for a second person' }),
    )
    .action(act(run))

const pageSize = 500

const run: Run<Options> = async (shell, { search, state }) => {
  const { print } = shell
  const people = await collectPages(async (after, soFar) => {
    const query = { limit: pageSize, ...(search && { search }), ...(state && { state }), ...(after && { after }) }
    const rows = (await shell.get(call(shell.server, api.people, { query }), `Listing people, ${soFar} so far`)).people
    return { rows, next: rows.length < pageSize ? null : (rows.at(-1)?.name ?? null) }
  })
  print.answer({ people }, () => {
    print.table(
      [
        { title: 'NAME', value: (p) => p.name, style: () => 'bold' },
        { title: 'PERSON', value: (p) => p.displayName },
        { title: 'STATE', value: (p) => p.state, style: stateStyle },
        { title: 'GROUPS', value: (p) => p.groups.join(', ') || '–' },
        { title: 'FACTORS', value: (p) => p.factors?.join(', ') || '–' },
        { title: 'KEYS', value: (p) => (p.sshKeys === null ? '–' : String(p.sshKeys)) },
        { title: 'LAST SEEN', value: (p) => print.time(p.lastSeenAt) },
      ],
      people,
      'There is nobody like that.',
    )
    const waiting = people.find((p) => p.state === 'unconfirmed')
    if (waiting) print.next(`claviger people confirm ${waiting.name}`)
  })
}
