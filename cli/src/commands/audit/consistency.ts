import { audit, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { writePrivate } from '../../kit/files.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  out?: string
}

export const auditConsistency: CommandFile = (cli, act) =>
  cli
    .command('consistency <from> [to]')
    .summary('a proof file that a later log begins with an earlier one')
    .description(
      'Writes both signed checkpoints, over so many entries, with the RFC 6962 proof between them: nothing that the earlier one saw was changed or taken out. Whoever has the file checks it without the server: claviger audit verify-proof.',
    )
    .option('--out <file>', 'where to; without it the proof is printed')
    .addHelpText(
      'after',
      examples({
        'claviger audit consistency 1200 --out since-monday.json':
          'from the checkpoint over 1200 entries to the newest; then: claviger audit verify-proof since-monday.json',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { out }, from = '', to) => {
  const query = { from: Number(from), ...(to !== undefined && { to: Number(to) }) }
  const proof = await shell.get(call(shell.server, audit.consistencyProof, { query }))
  const file = `${JSON.stringify(proof, null, 2)}\n`
  if (out === undefined) return shell.print.raw(file)
  writePrivate(out, file)
  shell.print.answer({ file: out, hashes: proof.path.length }, () => {
    shell.print.line(`Wrote the proof (${proof.path.length} hashes) to ${out}.`)
    shell.print.next(`claviger audit verify-proof ${out} --checkpoint FILE (the one that you kept)`)
  })
}
