import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent, FactKind } from './fact.ts'
import type { Fact } from './fact-reader.ts'

/** No account manages a target of a kind that Claviger does not reach: nothing is set or tried there. */
export const isUnmanaged = (target: FactContent): boolean => target.manager === ''

/** Whether the credentials of an account are brought in by people, since nobody manages its target. */
export async function isKeptByHand(
  facts: { read(kind: FactKind, id: string): Promise<Result<Fact, KeeperRefusal>> },
  account: string,
): Promise<Result<boolean, KeeperRefusal>> {
  const its = await facts.read('account', account)
  if (!its.ok) return its
  const on = await facts.read('target', String(its.value.content.target_id))
  return on.ok ? ok(isUnmanaged(on.value.content)) : on
}
