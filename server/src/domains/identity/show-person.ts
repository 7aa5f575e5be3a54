import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { IdentityError } from './errors.ts'
import { listSshKeys } from './identity.view.ts'
import { showPasskeys } from './passkeys/show-passkeys.ts'
import { findPerson, lastSignInAt, listFactors, listSignIns } from './people.view.ts'

export interface ShowPersonDeps {
  db: Db
  keeper: Keeper
  clock: Clock
}

/** Everything about one person that is no secret. When a second factor was last used, and which certificates hold, only the keeper knows. */
export async function showPerson({ db, keeper, clock }: ShowPersonDeps, id: PersonId) {
  const found = await findPerson(db, id)
  if (!found) return fail<IdentityError>({ code: 'identity.person_unknown', person: id })
  const factors = await listFactors(db, id)
  const uses = await keeper.ask('factorUses', { person: id, factors: factors.map((f) => f.id) })
  if (!uses.ok) return uses as Result<never, IdentityError>
  const passkeys = await showPasskeys({ db, keeper }, id)
  if (!passkeys.ok) return passkeys as Result<never, IdentityError>
  const signedInAt = await lastSignInAt(db, id)
  return ok({
    ...found,
    factors: factors.map(({ id: factor, kind, createdAt }) => {
      const use = uses.value.factors.find((f) => f.factor === factor)
      const lastUsedAt = kind === 'password' ? (signedInAt?.toISOString() ?? null) : (use?.usedAt ?? null)
      return { id: factor, kind, enrolledAt: createdAt.toISOString(), lastUsedAt, lockedUntil: use?.lockedUntil ?? null }
    }),
    passkeys: passkeys.value,
    sshKeys: await listSshKeys(db, id),
    certificates: uses.value.certificates,
    signIns: await listSignIns(db, id, clock.now()),
  })
}

export const showSignIns = async ({ db, clock }: Pick<ShowPersonDeps, 'db' | 'clock'>, person: PersonId, current: SignInId) =>
  (await listSignIns(db, person, clock.now())).map((s) => ({ ...s, current: s.id === current }))
