import { session } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { download } from '../../kit/download.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  html?: boolean
  out: string
}

export const sessionsExport: CommandFile = (cli, act) =>
  cli
    .command('export <session>')
    .summary('a recording as one page, for somebody without an account')
    .description(
      'Writes a recorded session as one HTML file that plays it and verifies it in any current browser, offline. It holds what viewers see, and what in the audit log vouches for it; it is as confidential as the recording. That you exported it is recorded. Give the key of the installation by another road: claviger audit checkpoint prints it.',
    )
    .requiredOption('--html', 'as a page; up to 64 MiB of recording')
    .requiredOption('--out <file>', 'where to put it')
    .addHelpText(
      'after',
      examples({
        'claviger sessions export ses_4f9k2m7q1x --html --out evidence.html': 'player, evidence and verification in one file',
        'claviger audit checkpoint': 'the key to compare with, to be told by another road',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { html, out }, id = '') => {
  if (!html) throw new CliError('usage', 'Say as what: --html.')
  const path = session.exportPage.path.replace(':id', encodeURIComponent(id))
  const bytes = await shell.progress.during('Exporting the recording', download(shell, { path, out, what: 'The page' }))
  shell.print.answer({ session: id, file: out, bytes }, () => {
    shell.print.line(`${out}: ${bytes} bytes. Open it in a browser; it needs no network.`, 'green')
    shell.print.next('claviger audit checkpoint (prints the key that its reader compares, to be told by another road)')
  })
}
