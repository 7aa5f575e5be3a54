import type { PasswdEntry } from './accounts.ts'

/**
 * Who may do anything through sudo, as far as its rules name accounts, read on the cautious side: a rule for one command
 * counts like a rule for all, a rule for one host like a rule for this one, and what is not understood but names an
 * account counts too. sudoers(5); netgroups and rules from LDAP are not seen.
 *
 * `text` is /etc/sudoers and the files of /etc/sudoers.d one after the other.
 */
export function sudoersAccounts(
  text: string,
  accounts: readonly PasswdEntry[],
  groups: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  const rules = logicalLines(text).filter((line) => !/^(?:Defaults\b|(?:Host|Cmnd|Cmd|Runas)_Alias\b|[@#]include)/.test(line))
  const aliases = new Map<string, string[]>()
  for (const line of rules) {
    for (const definition of /^User_Alias\s+(.*)$/.exec(line)?.[1]?.split(/\s+:\s+/) ?? []) {
      const [name = '', members = ''] = definition.split(/\s*=\s*/, 2)
      aliases.set(name.trim(), usersIn(members))
    }
  }
  const found = new Set<string>()
  const add = (user: string, depth: number) => {
    for (const name of aliases.get(user)?.slice(0, 1_000) ?? []) if (depth < 8) add(name, depth + 1)
    for (const name of namesOf(user, accounts, groups)) found.add(name)
  }
  for (const line of rules) {
    if (line.startsWith('User_Alias') || !line.includes('=')) continue
    for (const user of usersIn(userList(line))) add(user, 0)
  }
  return found
}

/** Joins lines that end in a backslash and drops comments; `#1000` and `#include` at the beginning are none. */
function logicalLines(text: string): string[] {
  return text
    .slice(0, 1_048_576)
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|[^,\s])\s+#(?!\d).*$/, '$1').trim())
    .filter((line) => line && !/^#(?!\d|include)/.test(line))
}

/** What stands before the list of hosts: names with commas, up to the first blank that belongs to no comma. */
const userList = (line: string): string => /^(?:[^\s,"\\]|"[^"]*"|\\.|\s*,\s*)+/.exec(line)?.[0] ?? ''

/** A `!` in front takes a user out again; cautiously, it takes nobody out here, and adds nobody either. */
const usersIn = (list: string): string[] =>
  list
    .split(',')
    .map((user) =>
      user
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .replace(/\\(.)/g, '$1'),
    )
    .filter((user) => user && !user.startsWith('!'))

function namesOf(user: string, accounts: readonly PasswdEntry[], groups: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  if (user === 'ALL') return accounts.map((account) => account.name)
  if (user.startsWith('%#')) return accounts.filter((account) => account.gid === Number(user.slice(2))).map((account) => account.name)
  if (user.startsWith('%')) return [...(groups.get(user.slice(1)) ?? [])]
  if (user.startsWith('#')) return accounts.filter((account) => account.uid === Number(user.slice(1))).map((account) => account.name)
  return accounts.some((account) => account.name === user) ? [user] : []
}
