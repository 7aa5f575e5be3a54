import { readFileSync, statSync } from 'node:fs'
import { CliError } from '../../kit/exit.ts'
import type { Io } from '../../kit/io.ts'

const most = 1 << 20

/** The bytes of a file, or all of standard input when it is `-`; 1 MiB at most, which is told before anything is sent. */
export async function readCredential(io: Pick<Io, 'stdin'>, file: string): Promise<Buffer> {
  const bytes = file === '-' ? await allOf(io.stdin) : readBounded(file)
  if (bytes.length === 0) throw new CliError('usage', `--file: ${file === '-' ? 'standard input' : file} is empty.`)
  return bytes
}

const tooLarge = () => new CliError('usage', '--file: a credential has 1 MiB at most.')

function readBounded(file: string): Buffer {
  try {
    if (statSync(file).size > most) throw tooLarge()
    return readFileSync(file)
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw new CliError('usage', `--file: cannot read ${file} (${(cause as NodeJS.ErrnoException).code}).`)
  }
}

async function allOf(stdin: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of stdin) {
    const bytes = Buffer.from(part as Uint8Array)
    size += bytes.length
    if (size > most) throw tooLarge()
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}
