import { audit, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'

interface Options extends GlobalOptions {
  before?: number
  limit: number
}

export const auditCheckpoints: CommandFile = (cli, act) =>
  cli
    .command('checkpoints')
    .summary('the signed checkpoints, newest first')
    .description('Lists over how many entries checkpoints were signed, and when: the sizes that audit prove and audit consistency take.')
    .addOption(
      new Option('--before <entries>', 'those over fewer entries than this').argParser(wholeNumber('Give a whole number from 1 on.', 1)),
    )
    .addOption(
      new Option('--limit <n>', 'at most so many, up to 500').argParser(wholeNumber('Give a whole number from 1 on.', 1)).default(50),
    )
    .addHelpText('after', examples({ 'claviger audit checkpoints': 'the newest fifty' }))
    .action(act(run))

const run: Run<Options> = async (shell, { before, limit }) => {
  const { print } = shell
  const query = { limit, ...(before !== undefined && { before }) }
  const { checkpoints } = await shell.get(call(shell.server, audit.checkpoints, { query }))
  print.answer({ checkpoints }, () => {
    print.table(
      [
        { title: 'ENTRIES', value: (c) => String(c.size), style: () => 'bold' },
        { title: 'SIGNED', value: (c) => print.time(c.time) },
      ],
      checkpoints,
      'There is no checkpoint.',
    )
    const last = checkpoints.at(-1)
    if (last && checkpoints.length === limit) print.next(`claviger audit checkpoints --before ${last.size}`)
  })
}
