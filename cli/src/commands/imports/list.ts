import { onboarding as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { collectPages } from '../pages.ts'

export const importsList: CommandFile = (cli, act) =>
  cli
    .command('imports')
    .summary('what was imported, and what of it waits for its first rotation')
    .description('Lists imports. Until its first rotation, whoever knew a credential before knows it still.')
    .addHelpText('after', examples({ 'claviger imports': 'the newest first' }))
    .action(act(list))

const list: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const found = await collectPages(async (after) => {
    const page = await shell.get(call(shell.server, api.imports, { query: { limit: 500, ...(after && { after }) } }))
    return { rows: page.imports, next: page.next }
  })
  print.answer({ imports: found }, () => {
    print.table(
      [
        { title: 'IMPORT', value: (i) => i.id, style: () => 'bold' },
        { title: 'FROM', value: (i) => i.source },
        { title: 'BY', value: (i) => i.by },
        { title: 'AT', value: (i) => print.time(i.at) },
        { title: 'STORED', value: (i) => String(i.stored) },
        { title: 'REFUSED', value: (i) => String(i.refused), style: (i) => (i.refused > 0 ? 'red' : undefined) },
        { title: 'FAILED', value: (i) => String(i.failed), style: (i) => (i.failed > 0 ? 'red' : undefined) },
        { title: 'STAGED', value: (i) => String(i.staged), style: (i) => (i.staged > 0 ? 'yellow' : undefined) },
      ],
      found,
      'Nothing was imported.',
    )
    const staged = found.find((i) => i.staged > 0)
    if (staged) print.next(`claviger imports rotate ${staged.id}`)
  })
}
