/*
 * Terminology (Redis docs, "ACL")
 *
 * - user: a name with rules; on or off
 * - rule: one word of a line of ACL LIST: `on`, `nopass`, `#<sha256>`, `~keys*`, `+@all`, `-config`, `(…)` a selector
 * - selector: a set of rules of its own, beside the user's
 */
export interface AclUser {
  name: string
  on: boolean
  nopass: boolean
  /** How many passwords open it: Redis allows several. */
  passwords: number
  /** Commands with which one gets at more than data, that it may run. */
  powers: readonly string[]
}

/** Commands that reach the server itself or other users, each with the categories that hold it (ACL CAT). */
const dangerous: Record<string, readonly string[]> = {
  'acl|setuser': ['admin', 'slow', 'dangerous'],
  'config|set': ['admin', 'slow', 'dangerous'],
  'client|kill': ['admin', 'slow', 'dangerous', 'connection'],
  'module|load': ['admin', 'slow', 'dangerous'],
  'function|load': ['write', 'slow', 'scripting'],
  debug: ['admin', 'slow', 'dangerous'],
  shutdown: ['admin', 'slow', 'dangerous'],
  replicaof: ['admin', 'slow', 'dangerous'],
  failover: ['admin', 'slow', 'dangerous'],
  sync: ['admin', 'slow', 'dangerous'],
  monitor: ['admin', 'slow', 'dangerous'],
  flushall: ['keyspace', 'write', 'slow', 'dangerous'],
  migrate: ['keyspace', 'write', 'slow', 'dangerous'],
  restore: ['keyspace', 'write', 'slow', 'dangerous'],
}
/** What alone makes nobody privileged: it belongs to working with data. Named where there is more. */
const ordinary = new Set(['function|load', 'flushall', 'migrate', 'restore'])

/** Reads one line of ACL LIST: `user app on sanitize-payload #… ~* resetchannels -@all +get`. Undefined when it is none. */
export function parseAclLine(line: string): AclUser | undefined {
  const match = /^user (\S+) (.*)$/.exec(line)
  if (!match?.[1]) return undefined
  const [own = '', ...selectors] = ` ${match[2] ?? ''}`.split(' (')
  const words = own.split(/\s+/)
  const powers = new Set([words, ...selectors.map((one) => one.replace(/\).*$/, '').split(/\s+/))].flatMap((rules) => [...allowed(rules)]))
  return {
    name: match[1],
    on: words.includes('on'),
    nopass: words.includes('nopass'),
    passwords: words.filter((word) => /^#[0-9a-f]{64}$/.test(word)).length,
    powers: [...powers].some((power) => !ordinary.has(power)) ? [...powers] : [],
  }
}

/** Which dangerous commands these rules allow: each rule speaks for what it names, and the last word counts. */
function allowed(rules: readonly string[]): Set<string> {
  const may = new Set<string>()
  for (const rule of rules) {
    const word = rule === 'allcommands' ? '+@all' : rule === 'nocommands' ? '-@all' : rule.toLowerCase()
    const sign = word[0]
    if (sign !== '+' && sign !== '-') continue
    for (const [command, categories] of Object.entries(dangerous)) {
      if (!names(word.slice(1), command, categories)) continue
      if (sign === '+') may.add(command)
      else may.delete(command)
    }
  }
  return may
}

function names(what: string, command: string, categories: readonly string[]): boolean {
  if (what === '@all') return true
  if (what.startsWith('@')) return categories.includes(what.slice(1))
  return what === command || what === command.split('|')[0]
}
