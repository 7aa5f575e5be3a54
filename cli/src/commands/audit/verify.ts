import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { readGiven } from '../../kit/questions.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { splitLines, type Verdict, verifyLedger } from '../../verify/index.ts'
import { exportTo } from './export-to.ts'
import { keepCheckpoint, keptCheckpoint } from './kept.ts'
import { printVerdict } from './verdict.ts'

interface Options extends GlobalOptions {
  checkpoint?: string
  key?: string
}

export const auditVerify: CommandFile = (cli, act) =>
  cli
    .command('verify [file]')
    .summary('verify the audit log, without trusting the server')
    .description(
      'Verifies an export against a checkpoint that was kept outside, and names what was changed, deleted, inserted, cut or restored. Needs no server and no sign-in. Without FILE it exports the log first and takes the checkpoint that this machine kept last time. Exits 0 only when nothing is wrong and the log is anchored.',
    )
    .option('--checkpoint <file>', 'the checkpoint that was kept outside')
    .option('--key <verifier-key>', "the signer's key, if you know it by another road")
    .addHelpText(
      'after',
      examples({
        'claviger audit verify ledger.jsonl --checkpoint yesterday.note': 'offline',
        'claviger audit verify': 'what the server has now, against what this machine kept',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { checkpoint, key }, file) => {
  const outside = checkpoint === undefined ? undefined : readGiven(checkpoint, '--checkpoint')
  const verdict = file === undefined ? await verifyOnline(shell, outside, key) : await verifyFile(shell, file, outside, key)
  printVerdict(shell.print, verdict, checkpoint === undefined && file !== undefined)
  if (!verdict.ok) process.exitCode = 1
}

async function verifyFile(shell: Shell, file: string, checkpoint: string | undefined, verifierKey: string | undefined): Promise<Verdict> {
  const bytes = createReadStream(file)
  bytes.once('error', () => undefined)
  const verification = verifyLedger(splitLines(bytes), { checkpoint, verifierKey })
  return await shell.progress.during(`Verifying ${file}`, verification).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'EACCES' || cause.code === 'EISDIR')
      throw new CliError('usage', `Cannot read ${file} (${cause.code}).`, 'claviger audit export --out ledger.jsonl')
    throw cause
  })
}

/** Exports, verifies against what this machine kept, and keeps the newer checkpoint when all is well (or when it had none). */
async function verifyOnline(shell: Shell, given: string | undefined, key: string | undefined): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'claviger-ledger-'))
  try {
    const file = join(folder, 'ledger.jsonl')
    const { checkpoint } = await exportTo(shell, file)
    const kept = keptCheckpoint(shell)
    const verdict = await verifyFile(shell, file, given ?? kept?.note, key ?? kept?.verifierKey)
    const nothingWrong = verdict.findings.length === 0
    if (checkpoint && verdict.verifierKey && nothingWrong && (verdict.ok || !kept)) keepCheckpoint(shell, checkpoint, verdict.verifierKey)
    return verdict
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
