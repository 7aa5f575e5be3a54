import { retention as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { spellBytes } from '../retention/words.ts'

export const sessionsStorage: CommandFile = (cli, act) =>
  cli
    .command('storage')
    .summary('what recordings take, and when the disk is full')
    .description(
      'Bytes by month, kind of target, class and where they lie, a bucket among them; growth, when the disk is full at this rate, and what is destroyed in the next 30 days.',
    )
    .addHelpText('after', examples({ 'claviger sessions storage': 'what is stored', 'claviger sessions storage --json': 'for a program' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const report = await shell.get(call(shell.server, api.storage))
  const { total, growth, disk, next, destroyed } = report
  const lines = [
    ...report.months.map((m) => ({ by: 'month', name: m.month, ...m })),
    ...report.kinds.map((k) => ({ by: 'kind', name: k.kind, ...k })),
    ...report.places.map((p) => ({ by: 'place', ...p, name: p.place ?? 'disks of servers' })),
    ...report.classes.map((c) => ({ by: 'class', ...c, name: c.name || '(none)' })),
  ]
  print.answer(report, () => {
    print.table(
      [
        { title: 'BY', value: (l) => l.by },
        { title: 'WHICH', value: (l) => l.name, style: () => 'bold' },
        { title: 'RECORDINGS', value: (l) => String(l.recordings) },
        { title: 'SIZE', value: (l) => spellBytes(l.bytes) },
      ],
      lines,
      'Nothing was recorded yet.',
    )
    print.facts([
      [
        'stored',
        `${total.recordings} recordings, ${spellBytes(total.bytes)}${total.unmeasured > 0 ? `, and ${total.unmeasured} of unknown size` : ''}`,
      ],
      ['growth', `${spellBytes(growth.bytesPerDay)} a day, over ${growth.days} days`],
      ['free', disk ? `${spellBytes(disk.free)} of ${spellBytes(disk.size)}` : 'not known'],
      ['full', fullAt(disk, (at) => print.time(at))],
      [`next ${next.days} days`, `${next.recordings} recordings are destroyed, ${spellBytes(next.bytes)}`],
      ['destroyed', `${destroyed.recordings} so far${destroyed.filesLeft > 0 ? `; ${destroyed.filesLeft} files are not removed yet` : ''}`],
    ])
    for (const one of next.first)
      print.line(`${one.session}  ${one.person} on ${one.name}, ${one.class}, kept until ${print.time(one.until)}`)
  })
}

const fullAt = (disk: api.Storage['disk'], time: (at: string) => string): string =>
  disk?.fullInDays == null
    ? 'not at this rate'
    : disk.fullAt
      ? `in ${disk.fullInDays} days, ${time(disk.fullAt)}`
      : 'in more than a hundred years'
