import type { FactContent } from '../../keeper/facts/fact.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { authenticatorOf, type BeginEnrolmentDeps, type Enrolment, personOf } from './begin-enrolment.ts'
import type { IdentityError } from './errors.ts'
import { authenticatorBegun } from './events.ts'
import { matchPassword } from './match-password.ts'

export interface NewAuthenticator {
  by: PersonId
  name: string
  password: string
  /** Fresh, of the authenticator that is replaced. */
  code: string
  source: string
}

/**
 * A new phone: with password and a code of the old authenticator its owner gets another one. Nothing changes until a code of the new one
 * confirms it; the old one counts until that moment, so that nobody is ever without.
 */
export async function replaceAuthenticator(
  deps: BeginEnrolmentDeps,
  { by, name, password, code, source }: NewAuthenticator,
): Promise<Result<{ token: string; totp: Enrolment['totp'] }, IdentityError>> {
  const { audit, keeper, clock, pending } = deps
  type Begun = { token: string; totp: Enrolment['totp'] }
  return await audit.act<Begun, IdentityError>({ act: 'identity.replace_authenticator', by }, async ({ tx, record }) => {
    const matched = await matchPassword(deps, { name, password, source })
    if (!matched.ok) return fail(matched.error.error)
    if (matched.value.person !== by) return fail({ code: 'identity.not_active' })
    const opened = await keeper.ask('openEnrolment', { person: by, authority: { by: 'stepUp', person: by, code } })
    if (!opened.ok) return opened
    await matched.value.forget(tx)
    const { token } = opened.value
    const begun = await keeper.ask('beginEnrolment', { token })
    if (!begun.ok) return begun
    const { factor, payload: seed } = begun.value
    if (!seed) throw new Error('the keeper began an enrolment without a seed')
    const vouched = await keeper.ask('vouch', { rows: [{ kind: 'person', id: by }] })
    if (!vouched.ok) return vouched
    pending.put(token, { person: personOf(vouched.value.rows[0] as FactContent), factor, verifier: null }, clock.now())
    await record(authenticatorBegun({ factor }))
    return ok({ token, totp: await authenticatorOf(seed, name) })
  })
}
