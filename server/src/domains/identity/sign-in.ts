import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { passwordAccepted, signInRefused } from './events.ts'
import { matchPassword } from './match-password.ts'
import { lockPasskeysOf } from './passkeys/passkeys.store.ts'
import type { Passwords } from './passwords.ts'
import { limits } from './rules.ts'
import { insertChallenge } from './sign-in.store.ts'
import type { SignInTokens } from './sign-in-tokens.ts'

export interface SignInDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  clock: Clock
  passwords: Passwords
  tokens: SignInTokens
}

/**
 * First factor. Answers a challenge for the second, good once and for five minutes. An unknown name costs the same work, counts
 * the same tries and gets the same answer as a wrong password.
 */
export async function signIn(
  deps: SignInDeps,
  { name, password, source }: { name: string; password: string; source: string },
): Promise<Result<{ challenge: string; passkeys: boolean }, IdentityError>> {
  const { audit, clock, tokens } = deps
  const refuse = async (error: IdentityError, person: PersonId | null) => {
    await audit.note(signInRefused({ person, step: 'password', code: error.code, source }), null, { phase: 'refused' })
    return fail(error)
  }
  const matched = await matchPassword(deps, { name, password, source })
  if (!matched.ok) return await refuse(matched.error.error, matched.error.person)
  const { person, factor, forget } = matched.value
  // the database said so; the keeper says whether it may be believed
  const vouched = await vouchFor(deps.keeper, person, factor)
  if (!vouched.ok) return await refuse(vouched.error, person)

  // names its person, so that the row of a challenge cannot be turned into somebody else's
  const challenge = `${person}.${randomToken()}`
  type Asked = { challenge: string; passkeys: boolean }
  return await audit.act<Asked, IdentityError>({ act: 'identity.sign_in', by: person }, async ({ tx, record }) => {
    await forget(tx)
    await insertChallenge(tx, tokens.hashOf('challenge', challenge), person, new Date(clock.now().getTime() + limits.challengeMs))
    await record(passwordAccepted({ person, source }))
    // told to who knows the password
    return ok({ challenge, passkeys: (await lockPasskeysOf(tx, person)).length > 0 })
  })
}

async function vouchFor(keeper: Keeper, person: PersonId, factor: string): Promise<Result<void, IdentityError>> {
  const rows = [
    { kind: 'person', id: person },
    { kind: 'factor', id: factor },
  ] as const
  const answer = await keeper.ask('vouch', { rows: [...rows] })
  if (!answer.ok) return answer
  const [who, password] = answer.value.rows
  const fits = password?.person_id === person && password.kind === 'password' && password.state === 'active'
  return fits && who?.state === 'active' ? ok(undefined) : fail({ code: 'identity.not_active' })
}
