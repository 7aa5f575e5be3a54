import { type Command, Option } from 'commander'
import type { Printer } from './printer.ts'
import { wholeNumber } from './whole-number.ts'

/** What every list takes that is answered a page at a time. */
export interface PageOptions {
  limit: number
  /** The last one of the page before. */
  after?: string
}

const most = 500

/** Adds `--limit` and `--after`, the same for every list. `one` is what --after takes. */
export const paged = (command: Command, one: string, limit = 100): Command =>
  command
    .addOption(
      new Option('--limit <n>', `at most so many, up to ${most}`)
        .argParser(wholeNumber(`Give a whole number from 1 to ${most}.`, 1, most))
        .default(limit),
    )
    .option(`--after <${one}>`, 'go on after the last one of the page before')

/** For the question to the server. */
export const pageOf = ({ limit, after }: PageOptions): { limit: number; after?: string } => ({
  limit,
  ...(after !== undefined && { after }),
})

/** Below a page that is full: how to get the next one, with the same conditions. `last` undefined: nothing was listed. */
export function sayMore(print: Printer, command: string, given: object, shown: number, last: string | undefined): void {
  const { limit } = given as PageOptions
  if (last === undefined || shown < limit) return
  print.hint('There may be more.')
  print.next(`claviger ${command}${flagsOf(given)} --after ${last}`)
}

/** Conditions as they were typed, but for those of every command and the place in the list. */
function flagsOf(given: object): string {
  const said = Object.entries(given).filter(([name]) => !['json', 'server', 'after'].includes(name))
  return said
    .flatMap(([name, value]) => {
      if (value === undefined || value === false || (name === 'limit' && value === 100)) return []
      const flag = `--${name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`
      if (value === true) return [` ${flag}`]
      const text = String(value)
      return [` ${flag} ${/^[\w.:@/+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`}`]
    })
    .join('')
}
