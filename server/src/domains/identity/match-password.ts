import type { Clock } from '../../kernel/clock.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import { countTries } from './count-tries.ts'
import type { IdentityError } from './errors.ts'
import type { Passwords } from './passwords.ts'
import { findPassword } from './people.store.ts'

export interface Matched {
  person: PersonId
  /** The password's row, for the keeper to vouch for: so far the database alone said so. */
  factor: string
  /** Takes back the try that this was. */
  forget(tx: Tx): Promise<void>
}

/** Name and password, counted against guessing. An unknown name costs the same work, counts the same tries and gets the same answer as a wrong password. */
export async function matchPassword(
  deps: { db: Db; clock: Clock; passwords: Passwords },
  { name, password, source }: { name: string; password: string; source: string },
): Promise<Result<Matched, { error: IdentityError; person: PersonId | null }>> {
  const { counted, known } = await countTries(deps, { name, source }, findPassword)
  const refuse = (error: IdentityError) => fail({ error, person: known?.person ?? null })
  if (!counted.ok) return refuse(counted.error)
  const matches = await deps.passwords.matches(known?.verifier ?? undefined, password)
  if (matches === undefined) return refuse({ code: 'identity.busy' })
  if (!matches || !known?.factor) return refuse(counted.value.wrong)
  return ok({ person: known.person, factor: known.factor, forget: counted.value.forget })
}
