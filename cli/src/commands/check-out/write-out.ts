import { existsSync, writeFileSync } from 'node:fs'
import { CliError } from '../../kit/exit.ts'
import type { Shell } from '../../kit/shell.ts'

interface Given {
  value: string
  encoding: 'utf8' | 'base64'
}

/** Said before a code is spent. */
export function refuseExisting(file: string): void {
  if (existsSync(file)) throw new CliError('usage', `--out: ${file} is there already. Name another file.`)
}

/** Writes a credential into a file that nobody else reads, and never over one that is there. */
export function writeOut(file: string, { value, encoding }: Given): void {
  try {
    writeFileSync(file, Buffer.from(value, encoding), { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    throw new CliError('usage', `--out: cannot write ${file} (${(cause as NodeJS.ErrnoException).code}).`)
  }
}

/** Text as a line, a file as its bytes. */
export function writeValue({ io, print }: Shell, { value, encoding }: Given): void {
  if (encoding === 'base64') io.stdout.write(Buffer.from(value, 'base64'))
  else print.line(value)
}
