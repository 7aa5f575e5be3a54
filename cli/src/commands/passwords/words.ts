import type { passwords as api } from '@claviger/api'
import { CliError } from '../../kit/exit.ts'

const words: Readonly<Record<api.CharacterClass, string>> = { lower: 'a-z', upper: 'A-Z', digit: '2-9', symbol: 'signs' }

export const sorts = (classes: readonly api.CharacterClass[]): string => classes.map((c) => words[c]).join(' ')
export const bits = (n: number): string => String(Math.floor(n))

export function forWhom(p: Pick<api.PasswordPolicy, 'tier' | 'kind' | 'target'>): string {
  const parts = [p.tier !== null && `tier ${p.tier}`, p.kind !== null && `kind ${p.kind}`, p.target && `target ${p.target.name}`]
  return parts.filter((part) => part).join(', ') || 'everything'
}

/** `lower,upper,digit` as what the API takes. */
export function parseSorts(text: string): api.CharacterClass[] {
  const given = text.split(',').map((word) => word.trim())
  const unknown = given.find((word) => !(word in words))
  if (unknown !== undefined || new Set(given).size < given.length)
    throw new CliError('usage', `"${text}" is not a list of lower, upper, digit and symbol, each once.`, 'claviger passwords policy --help')
  return given as api.CharacterClass[]
}
