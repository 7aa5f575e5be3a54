import { access, call, inventory, session } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { stateStyle } from '../words.ts'

const newest = 100

export const accountsHistory: CommandFile = (cli, act) =>
  cli
    .command('history <account@target>')
    .summary('who asked for it, who was in, and how often its credentials changed')
    .description(
      'Lists what happened to an account, newest first: requests, sessions and rotations with their outcome, the newest hundred of each. Of other people only for who may see them.',
    )
    .addHelpText('after', examples({ 'claviger accounts history deploy@web01': 'what happened to it' }))
    .action(act(run))

interface Happened {
  at: string
  what: string
  state: string
  who: string
  detail: string
}

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { print } = shell
  const { id: account } = await findAccount(shell, name)
  const query = { account, limit: newest }
  const { requests } = await shell.get(call(shell.server, access.requests, { query }))
  const { sessions } = await shell.get(call(shell.server, session.sessions, { query }))
  const { rotations } = await shell.get(call(shell.server, inventory.rotations, { query }))
  const happened: Happened[] = [
    ...requests.map((r) => ({ at: r.createdAt, what: r.id, state: r.state, who: r.requester.name, detail: r.reason })),
    ...sessions.map((s) => ({ at: s.openedAt, what: s.id, state: s.state, who: s.person.name, detail: s.endReason ?? '–' })),
    ...rotations.map((r) => ({
      at: r.startedAt,
      what: r.id,
      state: r.state,
      who: '–',
      detail: r.error ?? `${r.credential} v${r.version}, ${r.trigger}`,
    })),
  ].sort((a, b) => b.at.localeCompare(a.at))
  print.answer({ requests, sessions, rotations }, () =>
    print.table(
      [
        { title: 'WHEN', value: (h) => print.time(h.at) },
        { title: 'WHAT', value: (h) => h.what },
        { title: 'STATE', value: (h) => h.state, style: stateStyle },
        { title: 'PERSON', value: (h) => h.who, style: () => 'bold' },
        { title: 'DETAIL', value: (h) => h.detail },
      ],
      happened,
      'Nothing happened to it that you may see.',
    ),
  )
}
