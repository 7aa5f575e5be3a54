import type { Keeper } from '../../keeper/client.ts'
import { factorShownBy, passkeyAsked } from '../../keeper/contract.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId, randomToken } from '../../platform/crypto/random.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { personOf } from './begin-enrolment.ts'
import type { Epoch } from './epoch.ts'
import type { IdentityError } from './errors.ts'
import { signedIn, signInRefused } from './events.ts'
import { type Person, signInEnds } from './rules.ts'
import { findChallenge, insertSignIn, useChallenge } from './sign-in.store.ts'
import type { SignInTokens } from './sign-in-tokens.ts'

export interface SignInCodeDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  clock: Clock
  tokens: SignInTokens
  epoch: Epoch
}
export interface NewSignIn {
  person: Person
  /** Whoever has it is this person until it ends. Never stored. */
  token: string
  expiresAt: Date
}

/** Second factor: the keeper checks the code, which is good once, and gives its word for eight hours. That word makes a sign-in. */
export async function signInCode(
  { db, audit, keeper, clock, tokens, epoch }: SignInCodeDeps,
  { challenge, code, kind, source }: { challenge: string; code: string; kind: 'browser' | 'cli'; source: string },
): Promise<Result<NewSignIn, IdentityError>> {
  const hash = tokens.hashOf('challenge', challenge)
  const refuse = async (error: IdentityError, person: PersonId | null) => {
    await audit.note(signInRefused({ person, step: 'code', code: error.code, source }), null, { phase: 'refused' })
    return fail(error)
  }
  const who = await db.transaction().execute((tx) => findChallenge(tx, hash, clock.now()))
  if (!who || !challenge.startsWith(`${who}.`)) return await refuse({ code: 'identity.challenge_gone' }, null)
  const present = await keeper.ask('presence', { person: who, code, act: `sign in ${hash.toString('hex')}` })
  // the question that a passkey answers is no refusal
  if (!present.ok) return present.error.code === passkeyAsked ? present : await refuse(present.error, who)
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'person', id: who }] })
  if (!vouched.ok) return await refuse(vouched.error, who)
  const person = personOf(vouched.value.rows[0] ?? {})
  const inEpoch = await epoch()
  if (!inEpoch.ok) return inEpoch

  const factor = factorShownBy(code)
  const token = randomToken()
  const createdAt = clock.now()
  const expiresAt = signInEnds(createdAt, new Date(present.value.expiresAt))
  const face = { id: newId('sgn') as SignInId, person: who, kind, createdAt, expiresAt }
  const presence = tokens.sealPresence(token, { ...face, epoch: inEpoch.value }, present.value.presence)
  return await audit.act<NewSignIn, IdentityError>({ act: 'identity.sign_in', by: who }, async ({ tx, record }) => {
    if (!(await useChallenge(tx, hash, createdAt))) return fail({ code: 'identity.challenge_gone' })
    await insertSignIn(tx, tokens.hashOf('sign-in', token), { ...face, presence, source, lastSeenAt: createdAt, endedAt: null })
    await record(signedIn({ person: who, signIn: face.id, kind, expiresAt: expiresAt.toISOString(), factor, source }))
    return ok({ person, token, expiresAt })
  })
}
