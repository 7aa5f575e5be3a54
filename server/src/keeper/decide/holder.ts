import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import { holdingOf } from '../facts/holding.ts'
import { refuse } from '../refuse.ts'

/**
 * Whether a grant may be used as far as its account is held: an exclusive one only by who holds it, any other only while nobody does. Two
 * grants that somebody had attested beside each other do not both open: the holding names one of them, in one revision after the other.
 */
export async function mayUseAccount(facts: Pick<FactReader, 'find'>, grant: FactContent): Promise<Result<void, KeeperRefusal>> {
  const holding = await facts.find('holding', holdingOf(String(grant.account_id)))
  if (!holding.ok) return holding
  const h = holding.value?.content
  if (grant.exclusive === true) return h?.state === 'held' && h.grant_id === grant.id ? ok(undefined) : notTheHolder()
  return h === undefined || h.state === 'free' ? ok(undefined) : heldByOther()
}

const notTheHolder = () =>
  refuse(
    'access.not_the_holder',
    'This grant does not hold the account: it is for one person at a time. Check it out again: claviger check-out.',
  )
export const heldByOther = () =>
  refuse('access.held', 'Somebody else holds this account, or its credential is still being replaced. Queue for it: claviger check-out.')
