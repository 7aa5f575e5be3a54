import type { AccountCategory } from '../../kernel/tier.ts'
import type { CredentialKind } from '../contract.ts'

/** One line of passwd(5), as far as we need it. */
export interface PasswdEntry {
  name: string
  uid: number
  gid: number
  home: string
  shell: string
}

/** What shadow(5) says about the password; the hash itself never leaves the host. */
export type PasswordState = 'set' | 'empty' | 'locked' | 'unknown'

/** An account name that we put into a line for a program on the host. Others are listed, and never changed. */
export const safeName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\$?$/

const mostAccounts = 100_000

export function readPasswd(text: string): PasswdEntry[] {
  const entries: PasswdEntry[] = []
  for (const line of lines(text)) {
    const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':')
    if (!isShowable(name) || !/^\d{1,10}$/.test(uid) || !/^\d{1,10}$/.test(gid) || entries.length >= mostAccounts) continue
    entries.push({ name, uid: Number(uid), gid: Number(gid), home, shell: shell.trim() || '/bin/sh' })
  }
  return entries
}

/** group(5): the names of each group's members, primary ones included. */
export function readGroups(text: string, accounts: readonly PasswdEntry[]): Map<string, Set<string>> {
  const primary = new Map<number, string[]>()
  for (const { name, gid } of accounts) primary.set(gid, [...(primary.get(gid) ?? []), name])
  const groups = new Map<string, Set<string>>()
  for (const line of lines(text)) {
    const [name = '', , gid = '', members = ''] = line.split(':')
    if (isShowable(name)) groups.set(name, new Set([...members.split(',').filter(Boolean), ...(primary.get(Number(gid)) ?? [])]))
  }
  return groups
}

/** Lines `name:state:expires` of our own script; `expires` in days since 1970, empty for never. */
export function readPasswordStates(text: string): Map<string, { state: PasswordState; expiresOnDay: number | undefined }> {
  const states = new Map<string, { state: PasswordState; expiresOnDay: number | undefined }>()
  for (const line of lines(text)) {
    const [name = '', state = '', expires = ''] = line.split(':')
    if (state !== 'set' && state !== 'empty' && state !== 'locked') continue
    states.set(name, { state, expiresOnDay: /^\d{1,7}$/.test(expires) ? Number(expires) : undefined })
  }
  return states
}

const givesSudo = ['sudo', 'wheel', 'admin']
/** Groups through which one becomes root, or reads what root reads. */
const nearRoot = ['adm', 'shadow', 'disk', 'kmem', 'docker', 'lxd', 'incus', 'incus-admin', 'libvirt', 'systemd-journal']

/** Why an account is privileged, in the field's words; empty for an ordinary one. */
export function privilegesOf(
  account: PasswdEntry,
  groups: ReadonlyMap<string, ReadonlySet<string>>,
  sudoers: ReadonlySet<string>,
): string[] {
  const memberOf = (group: string) => groups.get(group)?.has(account.name) === true
  return [
    ...(account.uid === 0 ? ['uid 0'] : []),
    ...(givesSudo.some(memberOf) || sudoers.has(account.name) ? ['sudo'] : []),
    ...nearRoot.filter(memberOf).map((group) => `member of ${group}`),
  ]
}

/** Administrators are administrators whatever their shell; the rest is told by what a person would need to log in. */
export function categoryOf(account: PasswdEntry, privileges: readonly string[]): AccountCategory {
  if (privileges.includes('uid 0') || privileges.includes('sudo')) return 'local-admin'
  return account.uid < 1000 || !hasLoginShell(account) ? 'service' : 'local-admin'
}

export const hasLoginShell = ({ shell }: PasswdEntry): boolean => !/\/(nologin|false|sync|halt|shutdown|true)$/.test(shell)

export function credentialsOf(state: PasswordState, keys: number): CredentialKind[] {
  return [...(state === 'set' || state === 'empty' ? (['password'] as const) : []), ...(keys > 0 ? (['ssh-key'] as const) : [])]
}

const lines = (text: string): string[] => text.split('\n').filter(Boolean)
/** Names stand in lists and messages: nothing that could move a cursor or pass for another line. */
const isShowable = (name: string): boolean => name.length > 0 && name.length <= 255 && !/[\p{Cc}\p{Cf}]/u.test(name)
