import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type AnswerOf, backup as api, refusal } from '@claviger/api'
import { CliError } from '../../kit/exit.ts'
import { notAnswered, refusalError } from '../../kit/server.ts'
import type { Shell } from '../../kit/shell.ts'

type Made = AnswerOf<typeof api.beginBackup>

/** Streams a backup into a file, which appears only when it is whole, is what the server says of it, and is on the disk. */
export async function fetchBackup(shell: Shell, made: Made, file: string): Promise<true> {
  return await shell.progress.during('Fetching the backup', download(shell, made, file))
}

async function download(shell: Shell, made: Made, file: string): Promise<true> {
  const { base, headers, fetch = globalThis.fetch } = shell.server
  const response = await fetch(`${base}${api.backupFile.path.replace(':id', made.id)}`, {
    headers: { 'x-claviger': '1', ...headers },
  }).catch((cause: unknown) => {
    throw notAnswered(cause, base)
  })
  if (!response.ok || !response.body) {
    const said = refusal.safeParse(await response.json().catch(() => undefined))
    const unknown = { code: 'http.unexpected', message: `The server answered ${response.status} without saying why. Look at its log.` }
    throw refusalError(response.status, said.success ? said.data : unknown)
  }
  const part = `${file}.part`
  try {
    const digest = createHash('sha256')
    const out = await open(part, 'w', 0o600)
    try {
      for await (const chunk of response.body) {
        digest.update(chunk)
        await out.write(chunk)
      }
      await out.sync()
    } finally {
      await out.close()
    }
    if (digest.digest('hex') !== made.sha256) throw new Error('it did not arrive as it was made; fetch it again')
    await rename(part, file)
    const folder = await open(dirname(file), 'r')
    await folder.sync().finally(() => folder.close())
    return true
  } catch (cause) {
    await rm(part, { force: true })
    throw new CliError(
      'failed',
      `The backup could not be written to ${file}: ${(cause as Error).message}`,
      `claviger backup get ${made.id} --to FILE`,
    )
  }
}
