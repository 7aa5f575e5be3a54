import { linkOptions } from '@tanstack/react-router'
import type { AccountsSearch } from './accounts/search.ts'
import type { CredentialsSearch } from './credentials/search.ts'
import type { CheckpointsSearch, LedgerSearch } from './ledger/search.ts'
import type { PeopleSearch } from './people/search.ts'
import type { PoliciesSearch } from './policies/search.ts'
import type { RotationsSearch } from './rotations/search.ts'
import { given } from './search.ts'
import type { SessionsSearch } from './sessions/search.ts'
import type { TargetsSearch } from './targets/search.ts'

/** Every link has one home. */
export const links = {
  home: () => linkOptions({ to: '/' }),
  signIn: (to?: string) => linkOptions({ to: '/sign-in', search: to ? { to } : {} }),
  approvals: (show?: 'decided', ticket?: string) => linkOptions({ to: '/approvals', search: given({ show, ticket }) }),
  approval: (id: string, show?: 'decided', ticket?: string) =>
    linkOptions({ to: '/approvals/$id', params: { id }, search: given({ show, ticket }) }),
  requests: () => linkOptions({ to: '/requests' }),
  newRequest: (account?: string) => linkOptions({ to: '/requests/new', search: account ? { account } : {} }),
  request: (id: string) => linkOptions({ to: '/requests/$id', params: { id } }),
  sessions: (filter: SessionsSearch = {}) => linkOptions({ to: '/sessions', search: given(filter) }),
  terminal: (grant: string) => linkOptions({ to: '/grants/$id/terminal', params: { id: grant } }),
  sql: (grant: string) => linkOptions({ to: '/grants/$id/sql', params: { id: grant } }),
  targets: (filter: TargetsSearch = {}) => linkOptions({ to: '/targets', search: given(filter) }),
  newTarget: () => linkOptions({ to: '/targets/new' }),
  target: (id: string) => linkOptions({ to: '/targets/$id', params: { id } }),
  accounts: (filter: AccountsSearch = {}) => linkOptions({ to: '/accounts', search: given(filter) }),
  account: (id: string) => linkOptions({ to: '/accounts/$id', params: { id } }),
  breakglass: () => linkOptions({ to: '/break-glass' }),
  keys: () => linkOptions({ to: '/keys' }),
  rotations: (filter: RotationsSearch = {}) => linkOptions({ to: '/rotations', search: given(filter) }),
  batch: (id: string) => linkOptions({ to: '/rotations/batches/$id', params: { id } }),
  credentials: (search: CredentialsSearch = {}) => linkOptions({ to: '/credentials', search: given(search) }),
  people: (filter: PeopleSearch = {}) => linkOptions({ to: '/people', search: given(filter) }),
  person: (id: string) => linkOptions({ to: '/people/$id', params: { id } }),
  policies: (search: PoliciesSearch = {}) => linkOptions({ to: '/policies', search: given(search) }),
  ledger: (filter: LedgerSearch = {}) => linkOptions({ to: '/ledger', search: given(filter) }),
  checkpoints: (search: CheckpointsSearch = {}) => linkOptions({ to: '/ledger/checkpoints', search: given(search) }),
  entry: (id: string) => linkOptions({ to: '/ledger/$id', params: { id } }),
  searchSessions: () => linkOptions({ to: '/sessions/search' }),
  session: (id: string, statement?: number, at?: number) =>
    linkOptions({ to: '/sessions/$id', params: { id }, search: given({ statement, at }) }),
}

/** The page of what an id names; undefined where there is none. */
export function linkOf(id: string) {
  const pages = {
    tgt: links.target,
    acc: links.account,
    req: links.approval,
    ses: (id: string) => links.session(id),
    per: links.person,
    ent: links.entry,
    bat: links.batch,
  } as const
  const kind = /^(tgt|acc|req|ses|per|ent|bat)_[a-z0-9]{10}$/.exec(id)?.[1] as keyof typeof pages | undefined
  return kind && pages[kind](id)
}

/** Where sign-in may lead back to: a path of this console and nothing else, or someone else's link could send people elsewhere. */
export function safeDestination(to: string | undefined): string {
  if (!to || !/^\/(?![/\\])[^\\\s]{0,500}$/.test(to)) return '/'
  return /^\/(sign-in|setup|enrol)\b/.test(to) ? '/' : to
}

/** The one-time token of a link, from `#token=` or `?token=`. */
export function tokenFrom(search: string, hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? new URLSearchParams(search).get('token')
  return token && token.length <= 128 ? token : undefined
}
