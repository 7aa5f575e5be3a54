import { controls as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

export const controls: CommandFile = (cli, act) =>
  cli
    .command('controls')
    .summary('whether what must go on does: recorder, sequencer, jobs, clock')
    .description(
      'Lists the controls that watch themselves, for administrators, security and auditors. A silence is an alarm in the audit log.',
    )
    .addHelpText('after', examples({ 'claviger controls': 'when each was last seen to work' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { controls, silences } = await shell.get(call(shell.server, api.controls))
  print.answer({ controls, silences }, () =>
    print.table(
      [
        { title: 'CONTROL', value: (c) => c.control, style: () => 'bold' },
        { title: 'STATE', value: (c) => (c.silent ? 'silent' : 'works'), style: (c) => (c.silent ? 'red' : 'green') },
        { title: 'SEEN TO WORK', value: (c) => `${c.secondsAgo} s ago` },
        { title: 'SERVER', value: (c) => c.node },
        { title: 'CAUSE', value: (c) => (c.silent ? (c.cause ?? '') : '') },
      ],
      controls,
      'The server tells of no controls.',
    ),
  )
}
