import { audit, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { writePrivate } from '../../kit/files.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  out?: string
}

export const auditCheckpoint: CommandFile = (cli, act) =>
  cli
    .command('checkpoint')
    .summary('the newest signed checkpoint, to be kept outside')
    .description(
      'Prints the newest checkpoint of the audit log, or writes it to a file. Keep it where nobody who runs the server can change it: what it has seen cannot be taken back unnoticed.',
    )
    .option('--out <file>', 'write it to a file')
    .addHelpText('after', examples({ 'claviger audit checkpoint --out /media/usb/monday.note': 'needs no sign-in' }))
    .action(act(run))

const run: Run<Options> = async (shell, { out }) => {
  const { print } = shell
  const { note, verifierKey, size } = await shell.get(call(shell.anonymous, audit.checkpoint))
  if (out !== undefined) writePrivate(out, note)
  print.answer({ note, verifierKey, size, file: out ?? null }, () => {
    if (out === undefined) print.raw(note)
    else print.line(`Kept the checkpoint of ${size} entries in ${out}.`)
    print.hint(`The signer's key, to be noted by another road: ${verifierKey}`)
  })
}
