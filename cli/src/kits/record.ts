import { execFile, spawn } from 'node:child_process'
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, openSync, writeSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CliError } from '../kit/exit.ts'
import { encryptTo } from './age.ts'
import type { Client } from './opened.ts'

/*
 * The recording of a session under an opened kit (docs/formats.md): a header as JSON, then a line for each piece of what the terminal showed, sealed with
 * a key that only the server can open, each bound to the line before it. Whoever holds the laptop cannot read it, change it or take a line out unseen; only
 * cut off its end, and that shows because the last line is missing.
 */
export const recordingFormat = 'claviger-kit-recording/1'

export interface Recorded {
  kit: string
  account: { id: string; name: string; target: string }
  custodians: readonly string[]
  announced: readonly { road: string; ok: boolean }[]
}

/** The public half of a kit's own key: what is recorded opens on the server alone. */
export class SealedRecording {
  readonly #fd: number
  readonly #key: Buffer
  readonly #began = Date.now()
  #previous: string
  #count = 0

  private constructor(fd: number, key: Buffer, header: string) {
    this.#fd = fd
    this.#key = key
    this.#previous = header
    this.#write(header)
  }

  static async begin(file: string, to: string, about: Recorded): Promise<SealedRecording> {
    const key = randomBytes(32)
    const header = JSON.stringify({
      format: recordingFormat,
      ...about,
      startedAt: new Date().toISOString(),
      columns: process.stdout.columns ?? 80,
      rows: process.stdout.rows ?? 24,
      key: await encryptTo(to, key.toString('base64')),
    })
    // never over an earlier one
    return new SealedRecording(openSync(file, 'wx', 0o600), key, header)
  }

  shown(bytes: Uint8Array): void {
    this.#seal({ t: Date.now() - this.#began, o: Buffer.from(bytes).toString('base64') })
  }

  end(status: number): void {
    this.#seal({ t: Date.now() - this.#began, end: status })
    closeSync(this.#fd)
    this.#key.fill(0)
  }

  #seal(frame: object): void {
    this.#count += 1
    const nonce = Buffer.alloc(12)
    nonce.writeUInt32BE(this.#count, 8)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: 16 })
    cipher.setAAD(Buffer.from(`${recordingFormat}\n${createHash('sha256').update(this.#previous).digest('hex')}`))
    const sealed = Buffer.concat([cipher.update(JSON.stringify(frame)), cipher.final(), cipher.getAuthTag()])
    this.#previous = sealed.toString('base64')
    this.#write(this.#previous)
  }

  #write(line: string): void {
    writeSync(this.#fd, `${line}\n`)
    fsyncSync(this.#fd)
  }
}

/**
 * Runs the client on a terminal of its own, made by `script`, whose every byte goes into the recording before the next is read. A recording that cannot
 * be written ends the session. Answers the client's exit status.
 */
export async function runRecorded(client: Client, recording: SealedRecording, folder: string): Promise<number> {
  const pipe = join(folder, 'terminal')
  await promisify(execFile)('mkfifo', ['-m', '600', pipe])
  const command = [client.file, ...client.args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  const child = spawn('script', ['-q', '-e', '-f', '-O', pipe, '-c', `exec ${command}`], {
    stdio: 'inherit',
    env: { ...process.env, ...client.env, SHELL: '/bin/sh' },
  })
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  let failed: unknown
  const recorded = (async () => {
    try {
      for await (const bytes of createReadStream(pipe)) recording.shown(bytes as Buffer)
    } catch (error) {
      failed = error
      child.kill('SIGHUP')
    }
  })()
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.once('error', () =>
        reject(new CliError('failed', 'script is not installed, and without it nothing can be recorded.', 'apt-get install bsdutils')),
      )
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
    })
    await recorded
    if (failed) throw new CliError('failed', `The recording could not be written (${String(failed)}), so the session was ended.`)
    recording.end(status)
    return status
  } finally {
    process.off('SIGINT', ignore)
  }
}
