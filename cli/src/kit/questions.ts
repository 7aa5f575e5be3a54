import { readFileSync, statSync } from 'node:fs'
import { createInterface, type Interface } from 'node:readline'
import { type CANCEL_SYMBOL, confirm, isCancel, password, text } from '@clack/prompts'
import { CliError } from './exit.ts'
import type { Io } from './io.ts'

/** Asks people, or reads what a script gives instead. Secrets come hidden, from a file or from standard input, never from an argument. */
export class Questions {
  readonly #io: Io
  #lines: { reader: Interface; next: AsyncIterator<string> } | undefined

  constructor(io: Io) {
    this.#io = io
  }

  /** Whether someone is there to answer. */
  get possible(): boolean {
    return this.#io.stdin.isTTY === true && this.#io.stderr.isTTY === true
  }

  async text(message: string, instead: string, initial?: string): Promise<string> {
    this.#needPerson(message, instead)
    return this.#answer(await text({ message, ...(initial && { initialValue: initial }), ...this.#streams() }))
  }

  async confirm(message: string, instead: string): Promise<boolean> {
    this.#needPerson(message, instead)
    return this.#answer(await confirm({ message, initialValue: false, ...this.#streams() }))
  }

  /** A secret: the first line of `file`, the next line of standard input when it is `-`, else asked without showing it. */
  async hidden(message: string, file: string | undefined, flag: string): Promise<string> {
    if (file === '-') return await this.#nextLine(flag)
    if (file !== undefined) return firstLine(file, flag)
    this.#needPerson(message, `${flag} FILE (or ${flag} - for standard input)`)
    return this.#answer(await password({ message, ...this.#streams() }))
  }

  close(): void {
    this.#lines?.reader.close()
  }

  #streams() {
    return { input: this.#io.stdin, output: this.#io.stderr, withGuide: false }
  }

  #needPerson(message: string, instead: string): void {
    if (!this.possible) throw new CliError('usage', `${message}: there is no terminal to ask in. Give ${instead}.`)
  }

  #answer<T>(answer: T | typeof CANCEL_SYMBOL): T {
    if (isCancel(answer)) throw new CliError('failed', 'Nothing was done.', undefined, { code: 'cli.cancelled' })
    return answer
  }

  async #nextLine(flag: string): Promise<string> {
    if (!this.#lines) {
      const reader = createInterface({ input: this.#io.stdin, terminal: false })
      this.#lines = { reader, next: reader[Symbol.asyncIterator]() }
    }
    const { value, done } = await this.#lines.next.next()
    if (done || !value) throw new CliError('usage', `${flag} -: standard input ended without a line for it.`)
    return value
  }
}

/** A file that someone named in a flag, at most 64 KiB of it. */
export const readGiven = (file: string, flag: string): string => readGivenWhole(file, flag).slice(0, 65_536)

/** The same for what is larger and has a form of its own: at most 64 MiB. */
export function readGivenWhole(file: string, flag: string): string {
  try {
    if (statSync(file).size > 64 << 20) throw Object.assign(new Error('too large'), { code: 'EFBIG' })
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CliError('usage', `${flag}: cannot read ${file} (${(cause as NodeJS.ErrnoException).code}).`)
  }
}

function firstLine(file: string, flag: string): string {
  const line = readGiven(file, flag).split(/\r?\n/)[0] ?? ''
  if (!line) throw new CliError('usage', `${flag}: the first line of ${file} is empty.`)
  return line
}
