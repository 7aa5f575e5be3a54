import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { countTries } from './count-tries.ts'
import type { IdentityError } from './errors.ts'
import type { Passwords } from './passwords.ts'
import { findOpening } from './people.store.ts'

export interface RecognisePasswordDeps {
  db: Db
  keeper: Keeper
  clock: Clock
  passwords: Passwords
}

/**
 * First factor at the SSH door: name and password, with the tries and locks of the console's sign-in. A gateway may see no verifier: it makes
 * one of what was typed, and the keeper compares. An unknown name costs the same work and gets the same answer as a wrong password.
 * Nothing is recorded here; `person` is whom the name belongs to, for the entry of whoever asks.
 */
export async function recognisePassword(
  deps: RecognisePasswordDeps,
  { name, password, source }: { name: string; password: string; source: string },
): Promise<Result<PersonId, { error: IdentityError; person: PersonId | null }>> {
  const { db, keeper, passwords } = deps
  const { counted, known } = await countTries(deps, { name, source }, findOpening)
  const refuse = (error: IdentityError) => fail({ error, person: known?.person ?? null })
  if (!counted.ok) return refuse(counted.error)
  const verifier = await passwords.verifierAfter(known?.opening ?? undefined, password)
  if (verifier === undefined) return refuse({ code: 'identity.busy' })
  // asked for nobody as well, so that the time that it takes does not tell which names exist
  const person = known?.person ?? (newId('per') as PersonId)
  const compared = await keeper.ask('comparePassword', { person, name }, Secret.fromText(verifier))
  if (!compared.ok) return refuse(compared.error)
  if (!compared.value.matches || !known) return refuse(counted.value.wrong)
  await db.transaction().execute(counted.value.forget)
  return ok(known.person)
}
