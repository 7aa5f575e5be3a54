import { CliError } from '../../kit/exit.ts'

/** Collects a repeatable `--set name=value`. */
export const collect = (pair: string, before: string[] = []): string[] => [...before, pair]

type Value = string | number | boolean

/** `port=22` → 22, `tls=true` → true, everything else text. The target's kind checks what it means. */
export function parseSettings(pairs: readonly string[] = []): Record<string, Value> {
  return Object.fromEntries(splitPairs(pairs, '--set').map(([name, value]) => [name, typed(value)]))
}

/** What a target proved to be, as text: `hostKey=ssh-ed25519 AAAA…`. */
export const parseIdentity = (pairs: readonly string[] = []): Record<string, string> => Object.fromEntries(splitPairs(pairs, '--pin'))

function splitPairs(pairs: readonly string[], flag: string): [string, string][] {
  return pairs.map((pair) => {
    const cut = pair.indexOf('=')
    if (cut < 1) throw new CliError('usage', `${flag} takes name=value, not "${pair}".`, `claviger targets add --help`)
    return [pair.slice(0, cut), pair.slice(cut + 1)]
  })
}

function typed(text: string): Value {
  if (/^(0|[1-9]\d{0,9})$/.test(text)) return Number(text)
  return text === 'true' || text === 'false' ? text === 'true' : text
}
