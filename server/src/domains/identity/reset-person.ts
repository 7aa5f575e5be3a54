import { ok, type Result } from '../../kernel/result.ts'
import { type ChangePersonDeps, changePerson, type PersonChange, wrongState } from './change-person.ts'
import type { IdentityError } from './errors.ts'
import { personReset } from './events.ts'
import { lockPasskeysOf, markPasskeyRemoved, removedPasskey } from './passkeys/passkeys.store.ts'
import { anotherCouldConfirm, lockFactors, lockSshKeysOf, markFactorReplaced, markSshKeyRemoved } from './people.store.ts'
import { type Person, takesTwo } from './rules.ts'
import { endSignInsOf } from './sign-in.store.ts'
import { tellGuards } from './tell-guards.ts'

/**
 * For a lost phone or a stolen laptop: password, authenticator and keys are out of use in one act, what runs ends, and the person
 * enrols anew with the link that is answered. Another administrator does it; who decides or administers is confirmed again by a third.
 */
export async function resetPerson(
  deps: ChangePersonDeps,
  change: PersonChange & { reason: string },
): Promise<Result<{ person: Person; enrolmentToken: string }, IdentityError>> {
  const { reason, by, person: id } = change
  let factors: Awaited<ReturnType<typeof lockFactors>> = []
  let passkeys: Awaited<ReturnType<typeof lockPasskeysOf>> = []
  let keys: Awaited<ReturnType<typeof lockSshKeysOf>> = []
  const reset = await changePerson(
    deps,
    { act: 'identity.reset_person' },
    change,
    async (before, { tx }) => {
      if (before.state === 'invited') return wrongState(before.state, 'enrolled')
      const asksAnother = takesTwo(before.groups) && (await anotherCouldConfirm(tx, by, id))
      return ok({ state: 'invited', introducedBy: asksAnother ? by : null })
    },
    async ({ tx }) => {
      factors = await lockFactors(tx, id)
      keys = await lockSshKeysOf(tx, id)
      passkeys = await lockPasskeysOf(tx, id)
      return [
        ...factors.map(({ revision, ...row }) => ({ kind: 'factor' as const, revision: revision + 1, row: { ...row, state: 'replaced' } })),
        ...keys.map(({ revision, ...row }) => ({ kind: 'ssh_key' as const, revision: revision + 1, row: { ...row, state: 'removed' } })),
        ...passkeys.map(removedPasskey),
      ]
    },
    async ({ act, after, attestations, macOf }) => {
      for (const f of factors) await markFactorReplaced(act.tx, f.id, f.revision + 1, macOf)
      for (const k of keys) await markSshKeyRemoved(act.tx, k.id, k.revision + 1, macOf)
      for (const p of passkeys) await markPasskeyRemoved(act.tx, p, macOf)
      const signIns = await endSignInsOf(act.tx, after.id, deps.clock.now())
      const gone = { factors: factors.map((f) => f.id), sshKeys: keys.map((k) => k.fingerprint), passkeys: passkeys.map((p) => p.id) }
      await act.record(personReset({ person: after.id, ...gone, signIns, reason }), attestations)
      await tellGuards(act, after, 'reset')
      return await deps.whenPersonStops(act, after.id, `${after.displayName} was reset`)
    },
  )
  if (!reset.ok) return reset
  const opened = await deps.keeper.ask('openEnrolment', { person: id, authority: { by: 'system' } })
  return opened.ok ? ok({ person: reset.value, enrolmentToken: opened.value.token }) : opened
}
