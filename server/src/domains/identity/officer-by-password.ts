import type { Clock } from '../../kernel/clock.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { IdentityError } from './errors.ts'
import { matchPassword } from './match-password.ts'
import type { Passwords } from './passwords.ts'

/**
 * Who this is by name and password, for the one act that must be possible while nothing can be recorded and nobody can sign in:
 * taking note that the ledger was changed. The keeper asks for the code, and looks whether this is an officer.
 */
export async function officerByPassword(
  deps: { db: Db; clock: Clock; passwords: Passwords },
  given: { name: string; password: string; source: string },
): Promise<Result<PersonId, IdentityError>> {
  const matched = await matchPassword(deps, given)
  if (!matched.ok) return fail(matched.error.error)
  await deps.db.transaction().execute((tx) => matched.value.forget(tx))
  return ok(matched.value.person)
}
