import { fail, ok, type Result } from '../../kernel/result.ts'
import { type ChangePersonDeps, changePerson, type PersonChange, wrongState } from './change-person.ts'
import type { IdentityError } from './errors.ts'
import { authenticatorRemoved } from './events.ts'
import { lockPasskeysOf, markPasskeyRemoved, removedPasskey } from './passkeys/passkeys.store.ts'
import { anotherCouldConfirm, lockFactors, markFactorReplaced } from './people.store.ts'
import { type Person, takesTwo } from './rules.ts'
import { endSignInsOf } from './sign-in.store.ts'
import { tellGuards } from './tell-guards.ts'

/**
 * For a lost phone alone: the authenticator is out of use, and with it their passkeys, which are often on the same phone; what runs ends, and a one-time link gives a new one to whoever has the link
 * and the person's own password. Their SSH keys stay, and open nothing until then. Who decides or administers is confirmed again.
 */
export async function removeAuthenticator(
  deps: ChangePersonDeps,
  change: PersonChange & { reason: string },
): Promise<Result<{ person: Person; enrolmentToken: string }, IdentityError>> {
  const { reason, by, person: id } = change
  let gone: Awaited<ReturnType<typeof lockFactors>> = []
  let passkeys: Awaited<ReturnType<typeof lockPasskeysOf>> = []
  const removed = await changePerson(
    deps,
    { act: 'identity.remove_authenticator' },
    change,
    async (before, { tx }) => {
      if (before.state !== 'active' && before.state !== 'unconfirmed') return wrongState(before.state, 'active')
      gone = (await lockFactors(tx, id)).filter((f) => f.kind === 'totp')
      if (gone.length === 0) return fail({ code: 'identity.no_authenticator' })
      const asksAnother = takesTwo(before.groups) && (await anotherCouldConfirm(tx, by, id))
      return ok({ state: 'invited', introducedBy: asksAnother ? by : null })
    },
    async ({ tx }) => {
      passkeys = await lockPasskeysOf(tx, id)
      return [
        ...gone.map(({ revision, ...row }) => ({ kind: 'factor' as const, revision: revision + 1, row: { ...row, state: 'replaced' } })),
        ...passkeys.map(removedPasskey),
      ]
    },
    async ({ act, after, attestations, macOf }) => {
      for (const f of gone) await markFactorReplaced(act.tx, f.id, f.revision + 1, macOf)
      for (const p of passkeys) await markPasskeyRemoved(act.tx, p, macOf)
      const signIns = await endSignInsOf(act.tx, after.id, deps.clock.now())
      await act.record(
        authenticatorRemoved({ person: after.id, factors: gone.map((f) => f.id), passkeys: passkeys.map((p) => p.id), signIns, reason }),
        attestations,
      )
      await tellGuards(act, after, 'authenticator_removed')
      return await deps.whenPersonStops(act, after.id, `the authenticator of ${after.displayName} was removed`)
    },
  )
  if (!removed.ok) return removed
  const opened = await deps.keeper.ask('openEnrolment', { person: id, authority: { by: 'system' } })
  return opened.ok ? ok({ person: removed.value, enrolmentToken: opened.value.token }) : opened
}
