import { backup as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { stateStyle } from '../words.ts'

export const backupList: CommandFile = (cli, act) =>
  cli
    .command('list')
    .summary('backups that were made, and those that failed')
    .description('Lists backups, newest first, with the schedule that the operator set. For administrators, security and auditors.')
    .addHelpText('after', examples({ 'claviger backup list': 'is there a good one of last night?' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { backups, schedule } = await shell.get(call(shell.server, api.backups))
  print.answer({ backups, schedule }, () => {
    print.table(
      [
        { title: 'BACKUP', value: (b) => b.id },
        { title: 'STATE', value: (b) => b.state, style: stateStyle },
        { title: 'OF', value: (b) => print.time(b.takenAt ?? b.begunAt), style: () => 'bold' },
        { title: 'BY', value: (b) => b.begunBy ?? 'schedule' },
        { title: 'ENTRIES', value: (b) => `${b.entries ?? '–'}` },
        { title: 'BYTES', value: (b) => `${b.bytes ?? '–'}` },
        { title: 'GOOD', value: (b) => (b.checkedAt ? 'restored once' : (b.error ?? b.unchecked ?? '–')) },
        { title: 'HERE', value: (b) => (b.kept ? 'yes' : 'no') },
      ],
      backups,
      'No backup was made yet: claviger backup --to FILE --recipient age1…',
    )
    print.line(
      schedule.everySeconds === null
        ? 'None are made by themselves: set CLAVIGER_BACKUP_EVERY and CLAVIGER_BACKUP_RECIPIENTS.'
        : `Every ${schedule.everySeconds} s to ${schedule.recipients.join(', ')}; the newest ${schedule.keep} are kept in ${schedule.folder}.`,
    )
  })
}
