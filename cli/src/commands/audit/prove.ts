import { audit, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { writePrivate } from '../../kit/files.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  size?: string
  out?: string
}

export const auditProve: CommandFile = (cli, act) =>
  cli
    .command('prove <entry>')
    .summary('a proof file that an entry stands in the signed log')
    .description(
      'Writes the entry with its audit path (RFC 6962) to a signed checkpoint. Whoever has the file and the signer’s key checks it without the server: claviger audit verify-proof.',
    )
    .option('--size <entries>', 'of the checkpoint over so many entries, instead of the newest')
    .option('--out <file>', 'where to; without it the proof is printed')
    .addHelpText(
      'after',
      examples({ 'claviger audit prove ent_4f9k2m7q1x --out proof.json': 'then: claviger audit verify-proof proof.json' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { size, out }, id = '') => {
  const query = size === undefined ? {} : { size: Number(size) }
  const proof = await shell.get(call(shell.server, audit.inclusionProof, { params: { id }, query }))
  const file = `${JSON.stringify(proof, null, 2)}\n`
  if (out === undefined) return shell.print.raw(file)
  writePrivate(out, file)
  shell.print.answer({ file: out, entry: id, place: proof.entry.place, hashes: proof.path.length }, () => {
    shell.print.line(`Wrote the proof of entry ${proof.entry.place} (${proof.path.length} hashes) to ${out}.`)
    shell.print.next(`claviger audit verify-proof ${out}`)
  })
}
