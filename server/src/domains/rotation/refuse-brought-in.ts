import { isLoginKind } from '../../kernel/credential-kinds.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { AccountRow } from '../inventory/index.ts'
import type { RotationError } from './errors.ts'
import { keptByHand } from './kept-by-hand.store.ts'

/** No, where nothing of an account is ours to replace: before anything is ordered that could never be done. */
export async function refuseBroughtIn(
  tx: Tx,
  { id, name, credentials }: Pick<AccountRow, 'id' | 'name' | 'credentials'>,
): Promise<Result<void, RotationError>> {
  const kind = await keptByHand(tx, id)
  if (kind !== undefined) return fail({ code: 'target.not_reached', kind })
  return credentials.length > 0 && !credentials.some(isLoginKind) ? fail({ code: 'rotation.brought_in', account: name }) : ok(undefined)
}
