import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { readGiven } from '../../kit/questions.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { verifyProof } from '../../verify/index.ts'
import { keptCheckpoint } from './kept.ts'

interface Options extends GlobalOptions {
  key?: string
  checkpoint?: string
}

export const auditVerifyProof: CommandFile = (cli, act) =>
  cli
    .command('verify-proof <file>')
    .summary('check a proof file, without a server')
    .description(
      'Checks a file of audit prove (an entry stands in the signed log) or of audit consistency (a later log begins with an earlier one): the hashes lead to the signed roots, and the signatures are the signer’s. What it is compared with is the key or checkpoint given, or the key that this machine kept when it verified the log; without any the file vouches for itself, and the exit status is 1.',
    )
    .option('--key <verifier-key>', "the signer's key, if you know it by another road")
    .option('--checkpoint <file>', 'a checkpoint that was kept outside: the proof must be about it')
    .addHelpText(
      'after',
      examples({
        'claviger audit verify-proof proof.json': 'offline',
        'claviger audit verify-proof since-monday.json --checkpoint monday.note': 'is what I kept on Monday still in the log?',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { key, checkpoint }, file = '') => {
  const { print } = shell
  const verdict = verifyProof(readGiven(file, 'FILE'), {
    verifierKey: key ?? keptCheckpoint(shell)?.verifierKey,
    checkpoint: checkpoint === undefined ? undefined : readGiven(checkpoint, '--checkpoint'),
  })
  const holds = verdict.ok && verdict.anchored
  print.answer({ ...verdict, ok: holds }, () => {
    for (const { what, ok } of verdict.steps) print.line(`  ${ok ? '✓' : '✗'} ${what}`, ok ? 'green' : 'red')
    if (holds) print.line('The proof holds.', 'green')
    else if (verdict.ok) print.line('The proof holds by its own word: it brings the key that signed it.', 'yellow')
    else print.line('THE PROOF DOES NOT HOLD.', 'red')
    if (verdict.ok && !verdict.anchored) print.next(`claviger audit verify-proof ${file} --key KEY (from: claviger audit checkpoint)`)
  })
  if (!holds) process.exitCode = 1
}
