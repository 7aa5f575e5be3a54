import { onboarding as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const importsRotate: CommandFile = (cli, act) =>
  cli
    .command('rotate <import>')
    .summary('order the first rotation of what was imported')
    .description(
      'From then on only Claviger knows these credentials. Observed accounts are left out until somebody says that they may be rotated.',
    )
    .option('--reason <text>', 'why; it stands in the audit log', 'imported')
    .addHelpText('after', examples({ 'claviger imports rotate imp_4f9k2m7q1x': 'when what uses them is told' }))
    .action(act(rotate))

const rotate: Run<GlobalOptions & { reason: string }> = async (shell, { reason }, id = '') => {
  const { print } = shell
  const done = await shell.get(call(shell.server, api.rotateImported, { params: { id }, body: { reason } }))
  print.answer(done, () => {
    print.line(`The first rotation of ${done.ordered} accounts is ordered; ${done.observed} are observed and left out.`, 'green')
    print.next('claviger rotations')
  })
}
