import { audit, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const auditAlarms: CommandFile = (cli, act) =>
  cli
    .command('alarms')
    .summary('alarms, newest first')
    .description('Lists alarms: forged rows, impostors, failed revocations and whatever else must not happen.')
    .addHelpText('after', examples({ 'claviger audit alarms': 'should be empty' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { alarms } = await shell.get(call(shell.server, audit.alarms, { query: { limit: 100 } }))
  print.answer({ alarms }, () =>
    print.table(
      [
        { title: 'AT', value: (a) => print.time(a.at) },
        { title: 'ALARM', value: (a) => a.act, style: () => 'red' },
        { title: 'ENTRY', value: (a) => a.id },
        { title: 'WHAT', value: (a) => facts({ ...a.fields, ...a.personal }) },
      ],
      alarms,
      'There are no alarms.',
    ),
  )
}

const facts = (fields: Record<string, unknown>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
