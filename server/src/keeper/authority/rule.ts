import { canonical } from '../../kernel/canonical.ts'
import type { Result } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal, Role } from '../contract.ts'
import type { Entitle } from '../decide/entitlement.ts'
import type { createPolicies } from '../decide/policies.ts'
import type { FactView, NewFact } from '../decide/view.ts'
import type { FactContent } from '../facts/fact.ts'
import { refuse } from '../refuse.ts'
import type { Actor } from './actors.ts'

/** What a rule looks at: the row as it shall be, as it was, who stands behind it, and everything else as it will be. */
export interface Case {
  after: FactContent
  before: FactContent | undefined
  actor: Actor
  role: Role
  view: FactView
  batch: readonly NewFact[]
  context: KeeperContext
  entitle: Entitle
  policies: ReturnType<typeof createPolicies>
}

/** Whether the keeper may attest this row. One rule for each kind of fact; there is no default yes. */
export type Rule = (c: Case) => Promise<Result<void, KeeperRefusal>>

export const no = (what: string, todo: string) => refuse('keeper.not_authorised', `${what} ${todo}`)

/** Names of the columns that differ. */
export const changed = (c: Case): string[] => {
  const { before, after } = c
  return before ? Object.keys(after).filter((k) => canonical(after[k] ?? null) !== canonical(before[k] ?? null)) : Object.keys(after)
}

export const isAdministrator = (actor: Actor): boolean => actor.by === 'stepUp' && actor.groups.includes('administrators')
export const onlyChanges = (c: Case, ...columns: readonly string[]): boolean =>
  c.before !== undefined && changed(c).every((k) => columns.includes(k))
