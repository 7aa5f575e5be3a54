import { audit, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { type PageOptions, paged, pageOf, sayMore } from '../../kit/paging.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'
import { factsOf } from './facts.ts'

interface Options extends GlobalOptions, PageOptions {
  days?: number
}

export const auditAlarms: CommandFile = (cli, act) =>
  paged(
    cli
      .command('alarms')
      .summary('alarms, newest first')
      .description('Lists alarms: forged rows, impostors, failed revocations and whatever else must not happen.')
      .addOption(
        new Option('--days <n>', 'how many there were on each of so many days, up to 400').argParser(
          wholeNumber('Give a number of days from 1 to 400.', 1, 400),
        ),
      ),
    'place',
  )
    .addHelpText(
      'after',
      examples({ 'claviger audit alarms': 'should be empty', 'claviger audit alarms --days 30': 'how many, day by day' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { days } = options
  if (days !== undefined) return await countByDay(shell, days)
  const { print } = shell
  const { alarms, names } = await shell.get(call(shell.server, audit.alarms, { query: pageOf(options) }))
  print.answer({ alarms, names }, () => {
    print.table(
      [
        { title: 'WHEN', value: (a) => print.time(a.at) },
        { title: 'ALARM', value: (a) => a.act, style: () => 'red' },
        { title: 'ENTRY', value: (a) => a.id },
        { title: 'ABOUT', value: (a) => factsOf({ ...a.fields, ...a.personal }, names) },
      ],
      alarms,
      'There are no alarms.',
    )
    sayMore(print, 'audit alarms', options, alarms.length, alarms.at(-1)?.place?.toString())
  })
}

async function countByDay(shell: Shell, days: number): Promise<void> {
  const { print } = shell
  const answer = await shell.get(call(shell.server, audit.alarmDays, { query: { days } }))
  print.answer(answer, () =>
    print.table(
      [
        { title: 'DAY (UTC)', value: (d) => d.day },
        { title: 'ALARMS', value: (d) => String(d.alarms), style: () => 'red' },
      ],
      answer.days,
      `There were no alarms in ${days} days.`,
    ),
  )
}
