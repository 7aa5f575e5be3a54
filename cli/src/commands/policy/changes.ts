import { policy as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const policyChanges: CommandFile = (cli, act) =>
  cli
    .command('changes')
    .summary('changes of policies: what waits, and what was decided')
    .description('Lists the last hundred, those that wait first. Security officers, auditors and administrators see them.')
    .addHelpText('after', examples({ 'claviger policy changes': 'what waits for somebody' }))
    .action(act(run))

const colours = { proposed: 'yellow', approved: 'green', withdrawn: 'dim', expired: 'dim' } as const

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const answer = await shell.get(call(shell.server, api.policyChanges))
  print.answer(answer, () => {
    print.table(
      [
        { title: 'CHANGE', value: (c) => c.id },
        { title: 'POLICIES', value: (c) => c.edits.map((edit) => edit.name).join(', '), style: () => 'bold' },
        { title: 'PROPOSED', value: (c) => `${print.time(c.proposedAt)} by ${c.proposedBy}` },
        { title: 'STATE', value: (c) => (c.decidedBy ? `${c.state} by ${c.decidedBy}` : c.state), style: (c) => colours[c.state] },
        { title: 'REASON', value: (c) => c.reason },
      ],
      answer.changes,
      'No policy was changed since the first run.',
    )
    const waiting = answer.changes.find((c) => c.state === 'proposed')
    if (waiting) print.next(`claviger policy approve ${waiting.id}`)
  })
}
