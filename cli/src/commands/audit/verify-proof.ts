import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { readGiven } from '../../kit/questions.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { verifyProof } from '../../verify/index.ts'
import { keptCheckpoint } from './kept.ts'

interface Options extends GlobalOptions {
  key?: string
}

export const auditVerifyProof: CommandFile = (cli, act) =>
  cli
    .command('verify-proof <file>')
    .summary('check a proof file, without a server')
    .description(
      'Recomputes the signed root from the entry and its path, and checks the signature. The key is the one given, or the one that this machine kept when it verified the log; without either the file vouches for itself, and the exit status is 1.',
    )
    .option('--key <verifier-key>', "the signer's key, if you know it by another road")
    .addHelpText('after', examples({ 'claviger audit verify-proof proof.json': 'offline' }))
    .action(act(run))

const run: Run<Options> = async (shell, { key }, file = '') => {
  const { print } = shell
  const verdict = verifyProof(readGiven(file, 'FILE'), key ?? keptCheckpoint(shell)?.verifierKey)
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
