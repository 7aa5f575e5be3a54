import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { audit, refusal } from '@claviger/api'
import { CliError } from '../../kit/exit.ts'
import { notAnswered, refusalError } from '../../kit/server.ts'
import type { Shell } from '../../kit/shell.ts'
import { parseLine, readHeader } from '../../verify/lines.ts'

export interface Exported {
  bytes: number
  lines: number
  /** The newest checkpoint, from the header. */
  checkpoint: string | undefined
  size: number
}

/** Streams the whole log into a file, which appears only when it is complete. The log may be larger than memory. */
export async function exportTo(shell: Shell, file: string): Promise<Exported> {
  return await shell.progress.during('Exporting the audit log', download(shell, file))
}

async function download(shell: Shell, file: string): Promise<Exported> {
  const { base, headers, fetch = globalThis.fetch } = shell.server
  const response = await fetch(`${base}${audit.exportLedger.path}`, { headers: { 'x-claviger': '1', ...headers } }).catch(
    (cause: unknown) => {
      throw notAnswered(cause, base)
    },
  )
  if (!response.ok || !response.body) {
    const said = refusal.safeParse(await response.json().catch(() => undefined))
    const unknown = { code: 'http.unexpected', message: `The server answered ${response.status} without saying why. Look at its log.` }
    throw refusalError(response.status, said.success ? said.data : unknown)
  }
  const part = `${file}.part`
  try {
    const written = await write(part, response.body)
    await rename(part, file)
    return written
  } catch (cause) {
    await rm(part, { force: true })
    throw new CliError('failed', `The export could not be written to ${file}: ${(cause as Error).message}`)
  }
}

async function write(part: string, body: AsyncIterable<Uint8Array>): Promise<Exported> {
  const out = createWriteStream(part, { mode: 0o600 })
  const closed = once(out, 'close')
  let [bytes, lines] = [0, 0]
  let first = Buffer.alloc(0)
  for await (const chunk of body) {
    if (lines === 0 && first.length < 65_536) first = Buffer.concat([first, chunk])
    bytes += chunk.length
    for (const byte of chunk) if (byte === 10) lines += 1
    if (!out.write(chunk)) await once(out, 'drain')
  }
  out.end()
  await closed
  const header = parseLine(first.toString().split('\n')[0] ?? '')
  const read = header && readHeader(header)
  return { bytes, lines, checkpoint: read ? String(header.checkpoint) : undefined, size: read?.size ?? 0 }
}
