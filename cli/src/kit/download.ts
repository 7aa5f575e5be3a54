import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { refusal } from '@claviger/api'
import { CliError } from './exit.ts'
import { notAnswered, refusalError } from './server.ts'
import type { Shell } from './shell.ts'

export interface Download {
  /** Path below the server's address, with its query. */
  path: string
  /** Where to. */
  out: string
  /** What it is, as the beginning of a sentence: `The recording`. */
  what: string
  /** Sees each piece as it passes. */
  see?: (piece: Uint8Array) => void
}

/** Streams an answer into a file, which appears only when it is complete, readable by its owner alone. It may be larger than memory. Says how many bytes. */
export async function download({ server }: Shell, { path, out, what, see }: Download): Promise<number> {
  const { base, headers, fetch = globalThis.fetch } = server
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
  async function* seen(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      see?.(piece)
      yield piece
    }
  }
  try {
    await pipeline(Readable.fromWeb(response.body as never), seen, file)
    await rename(part, out)
    return file.bytesWritten
  } catch (cause) {
    await rm(part, { force: true })
    throw new CliError('failed', `${what} could not be written to ${out}: ${(cause as Error).message}`)
  }
}
