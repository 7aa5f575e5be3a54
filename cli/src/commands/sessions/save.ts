import { session } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { download } from '../../kit/download.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  out: string
}

export const sessionsSave: CommandFile = (cli, act) =>
  cli
    .command('save <session>')
    .summary('the sealed file of a recording, to verify it elsewhere')
    .description(
      'Saves the file of a recording as it lies on the server: sealed, readable by nobody without its keys. With an export of the audit log it is verified on any machine. That you took it is recorded.',
    )
    .requiredOption('--out <file>', 'where to put it')
    .addHelpText(
      'after',
      examples({
        'claviger sessions save ses_4f9k2m7q1x --out session.clvr': 'the file',
        'claviger audit export --out ledger.jsonl': 'what vouches for it',
        'claviger sessions verify session.clvr --ledger ledger.jsonl': 'offline, on any machine',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { out }, id = '') => {
  const path = session.saveRecording.path.replace(':id', encodeURIComponent(id))
  const bytes = await shell.progress.during('Saving the recording', download(shell, { path, out, what: 'The recording' }))
  shell.print.answer({ session: id, file: out, bytes }, () => {
    shell.print.line(`${out}: ${bytes} bytes, sealed.`, 'green')
    shell.print.next(`claviger audit export --out ledger.jsonl; claviger sessions verify ${out} --ledger ledger.jsonl`)
  })
}
