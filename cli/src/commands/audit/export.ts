import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { exportTo } from './export-to.ts'

interface Options extends GlobalOptions {
  out: string
}

export const auditExport: CommandFile = (cli, act) =>
  cli
    .command('export')
    .summary('write the whole audit log to a file')
    .description(
      'Writes the whole log as JSON lines (docs/formats.md), for verification without the server. It holds personal data: the file is readable by you alone.',
    )
    .requiredOption('--out <file>', 'where to')
    .addHelpText(
      'after',
      examples({ 'claviger audit export --out ledger.jsonl': 'then: claviger audit verify ledger.jsonl --checkpoint FILE' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { out }) => {
  const { print } = shell
  const exported = await exportTo(shell, out)
  print.answer({ file: out, ...exported }, () => {
    print.line(`Wrote ${exported.size} entries (${exported.bytes} bytes) to ${out}.`)
    print.next(`claviger audit verify ${out} --checkpoint FILE`)
  })
}
