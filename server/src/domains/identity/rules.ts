import type { PersonId } from '../../kernel/id.ts'

export const groups = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const
export type Group = (typeof groups)[number]

/** invited → (unconfirmed →) active → disabled, and back. A person is never deleted: the ledger speaks of them. */
export interface Person {
  id: PersonId
  name: string
  displayName: string
  groups: readonly Group[]
  state: 'invited' | 'unconfirmed' | 'active' | 'disabled'
  /** Who alone brought them into a group that decides or administers; somebody else confirms them. */
  introducedBy: PersonId | null
}

/** Groups that one administrator alone does not fill: a second person confirms. The keeper has the same list. */
const trusted: readonly Group[] = ['approvers', 'security', 'administrators']
export const takesTwo = (groups: readonly Group[]): boolean => groups.some((g) => trusted.includes(g))

/** What an enrolled person is who is not disabled. */
export const standing = (p: Pick<Person, 'introducedBy'>): 'active' | 'unconfirmed' => (p.introducedBy === null ? 'active' : 'unconfirmed')

const minute = 60_000
export const limits = {
  passwordCharacters: 12,
  /** Wrong passwords for one name, from wherever; then the name is locked. */
  triesForName: 6,
  /** For one address, whatever the names. Ten times as many: a whole office may come from one address. */
  triesFromSource: 60,
  lockMs: 30 * minute,
  /** From the first factor to the second. */
  challengeMs: 5 * minute,
  idleMs: 15 * minute,
  absoluteMs: 8 * 60 * minute,
  /** From the password of an enrolment to its first code. */
  enrolmentMs: 60 * minute,
} as const

/** Why this password will not do, as a sentence; undefined when it will. Length is what counts; composition rules only make people write it down. */
export function passwordProblem(password: string, name: string): string | undefined {
  const characters = [...password.normalize('NFC')]
  if (characters.length < limits.passwordCharacters)
    return `It has ${characters.length} characters. Take at least ${limits.passwordCharacters}.`
  if (new Set(characters).size < 5) return 'It repeats a few characters only. Take several words.'
  if (name.length >= 4 && password.toLowerCase().includes(name.toLowerCase())) return 'It contains your name. Take something else.'
  return undefined
}

export interface SignInTimes {
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  endedAt: Date | null
}

/** Until when a sign-in holds if nothing more is done with it. */
export const idleAt = (s: Pick<SignInTimes, 'lastSeenAt' | 'expiresAt'>): Date =>
  new Date(Math.min(s.lastSeenAt.getTime() + limits.idleMs, s.expiresAt.getTime()))

export const holds = (s: SignInTimes, now: Date): boolean =>
  s.endedAt === null && now < idleAt(s) && now.getTime() < s.createdAt.getTime() + limits.absoluteMs

/** Never beyond what the keeper's word about the second factor is good for. */
export const signInEnds = (now: Date, presenceUntil: Date): Date =>
  new Date(Math.min(now.getTime() + limits.absoluteMs, presenceUntil.getTime()))

/** One customer's IPv6 addresses are as many as they like, so a network of 64 bits counts as one source. */
export function sourceNetwork(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address
  const [head = '', tail] = address.toLowerCase().split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  return `${[...front, ...Array<string>(gap).fill('0'), ...back].slice(0, 4).join(':')}::/64`
}

/** Whom the first run makes: someone who can invite, approve and take note as an officer, so that a new installation can begin. */
export const firstAdministratorGroups: readonly Group[] = ['administrators', 'approvers', 'security']

/** Keys with which people come to the gateway. No DSA, no RSA below 3072 bits, no certificates of others. */
const keyTypes = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa']
const smallestRsaBlob = 384

export const keyIsAccepted = (key: { type: string; blob: Uint8Array }): boolean =>
  keyTypes.includes(key.type) && (key.type !== 'ssh-rsa' || key.blob.length >= smallestRsaBlob)
