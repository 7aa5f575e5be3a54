import { createReadStream } from 'node:fs'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { readGiven } from '../../kit/questions.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { entriesOf, recordingIn, splitLines, verifyLedger, verifyRecording } from '../../verify/index.ts'

interface Options extends GlobalOptions {
  ledger: string
  checkpoint?: string
  key?: string
}

export const sessionsVerify: CommandFile = (cli, act) =>
  cli
    .command('verify <file>')
    .summary('verify the file of a recording, without trusting the server')
    .description(
      'Verifies a saved recording against an export of the audit log, and names the first range of bytes that is not what was written. Needs no server, no sign-in and no key. Exits 0 only when the recording is whole as far as the log knows it, and the log itself is verified and anchored.',
    )
    .requiredOption('--ledger <file>', 'an export of the audit log (claviger audit export)')
    .option('--checkpoint <file>', 'the checkpoint that was kept outside')
    .option('--key <verifier-key>', "the signer's key, if you know it by another road")
    .addHelpText(
      'after',
      examples({ 'claviger sessions verify session.clvr --ledger ledger.jsonl --checkpoint yesterday.note': 'offline, on any machine' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { ledger, checkpoint, key }, file = '') => {
  const { print } = shell
  const outside = { checkpoint: checkpoint === undefined ? undefined : readGiven(checkpoint, '--checkpoint'), verifierKey: key }
  const { log, recording } = await shell.progress.during(`Verifying ${file}`, check(file, ledger, outside)).catch(unreadable)
  const ok = recording.state !== 'altered' && recording.vouched && log.ok
  print.answer({ ok, recording, log }, () => {
    const { finding, state, vouched } = recording
    if (finding) print.line(`NOT AS IT WAS, bytes ${finding.from} to ${finding.to}: ${finding.message}`, 'red')
    else if (!vouched) print.line('Its parts fit together, and the audit log knows nothing of how it ends.', 'yellow')
    else
      print.line(state === 'intact' ? 'Whole, and vouched for.' : 'Whole as far as it was written: the session was interrupted.', 'green')
    for (const { message } of log.findings) print.line(`  ✗ audit log: ${message}`, 'red')
    print.facts([
      ['recording', recording.recording ?? 'unknown'],
      ['size', `${recording.chunks} chunks, ${recording.bytes} bytes`],
      [
        'audit log',
        log.ok ? 'verified and anchored' : log.findings.length > 0 ? 'not as it was' : 'unanchored',
        log.ok ? undefined : 'yellow',
      ],
    ])
    if (!log.anchored) print.next('keep a checkpoint outside: claviger audit checkpoint --out FILE; then verify with --checkpoint FILE')
  })
  if (!ok) process.exitCode = 1
}

async function check(file: string, ledger: string, outside: Parameters<typeof verifyLedger>[1]) {
  const noted = entriesOf((await recordingIn(file)) ?? '')
  const bytes = createReadStream(ledger)
  bytes.once('error', () => undefined)
  const log = await verifyLedger(noted.pass(splitLines(bytes)), outside)
  return { log, recording: await verifyRecording(file, noted.vouched()) }
}

function unreadable(cause: NodeJS.ErrnoException): never {
  if (cause.code !== 'ENOENT' && cause.code !== 'EACCES' && cause.code !== 'EISDIR') throw cause
  throw new CliError('usage', `A file cannot be read: ${cause.message}.`, 'claviger sessions save SESSION --out FILE')
}
