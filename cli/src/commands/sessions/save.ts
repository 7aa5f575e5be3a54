import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { refusal, session } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { notAnswered, refusalError } from '../../kit/server.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'

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
  const bytes = await shell.progress.during('Saving the recording', save(shell, id, out))
  shell.print.answer({ session: id, file: out, bytes }, () => {
    shell.print.line(`${out}: ${bytes} bytes, sealed.`, 'green')
    shell.print.next(`claviger audit export --out ledger.jsonl; claviger sessions verify ${out} --ledger ledger.jsonl`)
  })
}

/** The file appears only when it is complete. */
async function save(shell: Shell, id: string, out: string): Promise<number> {
  const { base, headers, fetch = globalThis.fetch } = shell.server
  const path = session.saveRecording.path.replace(':id', encodeURIComponent(id))
  const response = await fetch(`${base}${path}`, { headers: { 'x-claviger': '1', ...headers } }).catch((cause: unknown) => {
    throw notAnswered(cause, base)
  })
  if (!response.ok || !response.body) {
    const said = refusal.safeParse(await response.json().catch(() => undefined))
    const unknown = { code: 'http.unexpected', message: `The server answered ${response.status} without saying why. Look at its log.` }
    throw refusalError(response.status, said.success ? said.data : unknown)
  }
  const part = `${out}.part`
  const file = createWriteStream(part, { mode: 0o600 })
  try {
    await pipeline(Readable.fromWeb(response.body as never), file)
    await rename(part, out)
    return file.bytesWritten
  } catch (cause) {
    await rm(part, { force: true })
    throw new CliError('failed', `The recording could not be written to ${out}: ${(cause as Error).message}`)
  }
}
