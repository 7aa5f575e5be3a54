import { retention as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { anchorWords, spellApplies, spellMonths } from './words.ts'

export const retentionList: CommandFile = (cli, act) =>
  cli
    .command('list')
    .summary('the classes by which recordings are kept')
    .description(
      'Lists the classes: how long, from when on, for which targets, and what the regulation itself asks for. The longest class that is for a recording wins. Nothing is destroyed by a class that no security officer confirmed.',
    )
    .addHelpText('after', examples({ 'claviger retention list': 'what is kept, and for how long' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const answer = await shell.get(call(shell.server, api.retention))
  print.answer(answer, () => {
    print.table(
      [
        { title: 'CLASS', value: (c) => c.name, style: () => 'bold' },
        { title: 'KEPT', value: (c) => spellMonths(c.terms.at(-1)?.months ?? 0) },
        { title: 'FROM WHEN', value: (c) => anchorWords[c.anchor] },
        { title: 'FOR', value: (c) => spellApplies(c.terms.at(-1)?.applies ?? null, c.targetNames) },
        {
          title: 'CONFIRMED',
          value: (c) => (c.confirmed ? 'yes' : 'no: destroys nothing'),
          style: (c) => (c.confirmed ? 'green' : 'yellow'),
        },
        {
          title: 'THE REGULATION ITSELF',
          value: ({ source }) => (source ? `${source.months === null ? 'no minimum' : spellMonths(source.months)} (${source.where})` : '–'),
        },
      ],
      answer.classes,
      'There are no classes.',
    )
    for (const one of answer.anchors)
      print.line(`${one.subjectName}: ${anchorWords[one.anchor]} on ${print.time(one.at)}, says ${one.by}: ${one.reason}`)
    for (const why of answer.forged) print.line(`Nothing is destroyed: ${why}`, 'red')
  })
}
