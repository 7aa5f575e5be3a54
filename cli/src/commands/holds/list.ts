import { retention as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const holdsList: CommandFile = (cli, act) =>
  cli
    .command('list')
    .summary('legal holds, those that are placed first')
    .description('Lists what is held, for which case and by whom. Security officers and auditors see it.')
    .addHelpText('after', examples({ 'claviger holds list': 'what is held' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const answer = await shell.get(call(shell.server, api.holds))
  print.answer(answer, () =>
    print.table(
      [
        { title: 'HOLD', value: (h) => h.id },
        { title: 'ON', value: (h) => `${h.kind} ${h.subjectName}`, style: () => 'bold' },
        { title: 'CASE', value: (h) => h.caseNumber },
        { title: 'PLACED', value: (h) => `${print.time(h.placedAt)} by ${h.placedBy}` },
        {
          title: 'STATE',
          value: (h) => (h.state === 'placed' ? 'placed' : `lifted by ${h.liftedBy ?? '–'}`),
          style: (h) => (h.state === 'placed' ? 'yellow' : 'dim'),
        },
        { title: 'REASON', value: (h) => h.reason },
      ],
      answer.holds,
      'Nothing is held.',
    ),
  )
}
