import { controls as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

export const controls: CommandFile = (cli, act) =>
  cli
    .command('controls')
    .summary('whether what must go on does: recorder, sequencer, jobs, clock')
    .description(
      'Lists the controls that watch themselves, for administrators, security and auditors, and whether a break-glass drill is overdue. A silence is an alarm in the audit log.',
    )
    .addHelpText('after', examples({ 'claviger controls': 'when each was last seen to work' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { controls, silences, duties } = await shell.get(call(shell.server, api.controls))
  print.answer({ controls, silences, duties }, () => {
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
    )
    for (const { everyDays, lastDoneAt, overdue } of duties) {
      const last = lastDoneAt ? `the last one passed ${print.time(lastDoneAt)}` : 'none passed yet'
      print.line(`A break-glass drill is ${overdue ? 'overdue' : 'not due'}: every ${everyDays} days, ${last}.`, overdue ? 'red' : 'green')
      if (overdue) print.next('claviger breakglass drill ACCOUNT@TARGET')
    }
  })
}
