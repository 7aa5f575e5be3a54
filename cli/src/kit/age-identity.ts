import { CliError } from './exit.ts'
import { readGiven } from './questions.ts'

/** The private keys in a file as age keeps them: a line each, comments with `#`. */
export function readIdentities(file: string, flag = '--identity'): string[] {
  const keys = readGiven(file, flag)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => /^AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]+$/.test(line))
  if (keys.length === 0) throw new CliError('usage', `${flag}: there is no key of a custodian in ${file} (a line AGE-SECRET-KEY-…).`)
  return keys.slice(0, 16)
}
