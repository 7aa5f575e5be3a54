import { attest, type NewRow } from '../../keeper/attest-rows.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { ConfirmEnrolmentDeps } from './confirm-enrolment.ts'
import type { IdentityError } from './errors.ts'
import { authenticatorReplaced } from './events.ts'
import { type FactorRow, insertFactors, lockFactors, lockPerson, markFactorReplaced, personRow, savePerson } from './people.store.ts'
import { endSignInsOf } from './sign-in.store.ts'

/**
 * The first code of the new authenticator puts it into the place of the old one. Sign-ins, presences and certificates that the old one
 * gave are void with it, this one's too: its owner signs in again, and knows that the new one works.
 */
export async function confirmAuthenticator(
  { audit, keeper, clock, pending }: ConfirmEnrolmentDeps,
  { by, token, code }: { by: PersonId; token: string; code: string },
): Promise<Result<number, IdentityError>> {
  const begun = pending.get(token, clock.now())
  if (begun?.person.id !== by) return fail({ code: 'identity.authenticator_not_begun' })
  const replaced = await audit.act<number, IdentityError>(
    { act: 'identity.confirm_authenticator', by, about: { person: by } },
    async ({ tx, record }) => {
      const before = await lockPerson(tx, by)
      if (before?.state !== 'active') return fail({ code: 'identity.not_active' })
      const { revision: was, ...person } = before
      const old = (await lockFactors(tx, by)).filter((f) => f.kind === 'totp')
      const next: FactorRow = { id: begun.factor, person_id: by, kind: 'totp', verifier: '', state: 'active' }
      const rows: NewRow[] = [
        { kind: 'person', revision: was + 1, row: personRow(person) },
        ...old.map(({ revision, ...row }) => ({ kind: 'factor' as const, revision: revision + 1, row: { ...row, state: 'replaced' } })),
        { kind: 'factor', revision: 1, row: { ...next } },
      ]
      const attested = await attest(keeper, rows, { by: 'enrolment', token, code })
      if (!attested.ok) return attested
      const { attestations, macOf } = attested.value
      await savePerson(tx, person, was + 1, macOf)
      for (const f of old) await markFactorReplaced(tx, f.id, f.revision + 1, macOf)
      await insertFactors(tx, [next], macOf)
      const signIns = await endSignInsOf(tx, by, clock.now())
      await record(authenticatorReplaced({ person: by, old: old.map((f) => f.id), factor: next.id, signIns }), attestations)
      return ok(signIns)
    },
  )
  if (replaced.ok) pending.drop(token)
  return replaced
}
