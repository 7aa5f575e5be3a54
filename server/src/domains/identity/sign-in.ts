import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { passwordAccepted, signInRefused } from './events.ts'
import type { Passwords } from './passwords.ts'
import { findPassword } from './people.store.ts'
import { limits, sourceNetwork } from './rules.ts'
import { insertChallenge } from './sign-in.store.ts'
import type { SignInTokens } from './sign-in-tokens.ts'
import { forgetTries, giveTryBack, takeTry } from './tries.store.ts'

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
): Promise<Result<{ challenge: string }, IdentityError>> {
  const { db, audit, clock, passwords, tokens } = deps
  const keys = { name: `name ${name}`, source: `from ${sourceNetwork(source)}` }
  const refuse = async (error: IdentityError, person: PersonId | null) => {
    await audit.note(signInRefused({ person, step: 'password', code: error.code, source }), null, { phase: 'refused' })
    return fail(error)
  }

  const { tries, known } = await db.transaction().execute(async (tx) => {
    const { lockMs, triesForName, triesFromSource } = limits
    const forName = await takeTry(tx, keys.name, { now: clock.now(), limit: triesForName, lockMs })
    const fromSource = await takeTry(tx, keys.source, { now: clock.now(), limit: triesFromSource, lockMs })
    return { tries: { forName, fromSource }, known: await findPassword(tx, name) }
  })
  const person = known?.person ?? null
  for (const one of [tries.forName, tries.fromSource])
    if (!one.allowed && one.lockedUntil) return await refuse({ code: 'identity.locked', until: one.lockedUntil }, person)

  const matches = await passwords.matches(known?.verifier ?? undefined, password)
  if (matches === undefined) return await refuse({ code: 'identity.busy' }, person)
  if (!matches || !known?.factor) {
    const until = tries.forName.lockedUntil ?? tries.fromSource.lockedUntil
    const left = limits.triesForName - tries.forName.made
    return await refuse(until ? { code: 'identity.locked', until } : { code: 'identity.wrong_credentials', left }, person)
  }
  // the database said so; the keeper says whether it may be believed
  const vouched = await vouchFor(deps.keeper, known.person, known.factor)
  if (!vouched.ok) return await refuse(vouched.error, person)

  // names its person, so that the row of a challenge cannot be turned into somebody else's
  const challenge = `${known.person}.${randomToken()}`
  return await audit.act<{ challenge: string }, IdentityError>({ act: 'identity.sign_in', by: known.person }, async ({ tx, record }) => {
    await forgetTries(tx, keys.name)
    await giveTryBack(tx, keys.source)
    await insertChallenge(tx, tokens.hashOf('challenge', challenge), known.person, new Date(clock.now().getTime() + limits.challengeMs))
    await record(passwordAccepted({ person: known.person, source }))
    return ok({ challenge })
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
