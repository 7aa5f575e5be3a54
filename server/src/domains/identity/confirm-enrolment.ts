import { attest, type NewRow } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { personEnrolled } from './events.ts'
import type { PendingEnrolments } from './pending-enrolments.ts'
import { type FactorRow, fingerprintInUse, insertFactors, insertSshKey, lockPerson, personRow, savePerson } from './people.store.ts'
import { keyOrNone, newSshKeyRow } from './read-ssh-key.ts'
import { type Person, standing } from './rules.ts'

export interface ConfirmEnrolmentDeps {
  audit: Audit
  keeper: Keeper
  clock: Clock
  pending: PendingEnrolments
}
export interface Confirmation {
  token: string
  code: string
  sshKey?: { publicKey: string; label: string } | undefined
}

/**
 * The first code proves the authenticator: password, authenticator, perhaps a key, and the person become active in one act, attested
 * together under the enrolment. A wrong code leaves everything as it was, to try again.
 */
export async function confirmEnrolment(
  { audit, keeper, clock, pending }: ConfirmEnrolmentDeps,
  { token, code, sshKey }: Confirmation,
): Promise<Result<Person, IdentityError>> {
  const begun = pending.get(token, clock.now())
  if (!begun) return fail({ code: 'identity.enrolment_not_begun' })
  const read = keyOrNone(sshKey?.publicKey)
  if (!read.ok) return read
  const { id } = begun.person

  const enrolled = await audit.act<Person, IdentityError>(
    { act: 'identity.enrol', by: id, about: { person: id } },
    async ({ tx, record }) => {
      const before = await lockPerson(tx, id)
      if (before?.state !== 'invited') return fail({ code: 'identity.enrolment_not_begun' })
      const { revision: was, ...known } = before
      const person: Person = { ...known, state: standing(known) }
      const factors: FactorRow[] = [
        ...(begun.verifier === null
          ? []
          : [{ id: newId('fac'), person_id: id, kind: 'password' as const, verifier: begun.verifier, state: 'active' as const }]),
        { id: begun.factor, person_id: id, kind: 'totp', verifier: '', state: 'active' },
      ]
      const key = read.value && newSshKeyRow(id, sshKey?.label ?? '', read.value)
      if (key && (await fingerprintInUse(tx, key.fingerprint))) return fail({ code: 'identity.ssh_key_taken' })

      const revision = was + 1
      const rows: NewRow[] = [
        { kind: 'person', revision, row: personRow(person) },
        ...factors.map((row) => ({ kind: 'factor' as const, revision: 1, row: { ...row } })),
        ...(key ? [{ kind: 'ssh_key' as const, revision: 1, row: { ...key } }] : []),
      ]
      const attested = await attest(keeper, rows, { by: 'enrolment', token, code })
      if (!attested.ok) return attested
      const { attestations, macOf } = attested.value
      await savePerson(tx, person, revision, macOf)
      await insertFactors(tx, factors, macOf)
      if (key) await insertSshKey(tx, key, macOf)
      await record(personEnrolled({ person: id, factors: factors.map((f) => f.id), sshKey: key?.fingerprint ?? null }), attestations)
      return ok(person)
    },
  )
  if (enrolled.ok) pending.drop(token)
  return enrolled
}
