import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { personOf } from './begin-enrolment.ts'
import type { Epoch } from './epoch.ts'
import type { IdentityError } from './errors.ts'
import { forgedSignIn } from './events.ts'
import { holds, type Person } from './rules.ts'
import { findSignIn, touchSignIn } from './sign-in.store.ts'
import type { SignInFace, SignInTokens } from './sign-in-tokens.ts'

export interface AuthenticateDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  clock: Clock
  tokens: SignInTokens
  epoch: Epoch
}
export interface Authenticated {
  person: Person
  presence: string
  signIn: SignInId
}
/** `idle`: nobody touched anything (a page that looks again by itself); then the sign-in is not kept alive. */
export type Authenticate = (token: string, idle?: boolean) => Promise<Result<Authenticated, IdentityError>>

/** Long enough to spare the keeper a question per request of one page, short enough that a disabled person is out at once. */
const vouchedForMs = 2000
/** An idle time of fifteen minutes need not be written at every request. */
const touchEveryMs = 10_000
const mostVouched = 10_000

/**
 * Who a token belongs to. The token is found by its HMAC, the person is what the keeper vouches for, and the presence opens only
 * when the row still says what was sealed: a sign-in that was moved to another person in the database is nobody's.
 */
export function createAuthenticate({ db, audit, keeper, clock, tokens, epoch }: AuthenticateDeps): Authenticate {
  const vouched = new Map<string, { person: Person; revision: number; until: number }>()

  const vouchFor = async (id: PersonId, revision: number): Promise<Result<Person, IdentityError>> => {
    const kept = vouched.get(id)
    if (kept?.revision === revision && clock.monotonic() < kept.until) return ok(kept.person)
    vouched.delete(id)
    const answer = await keeper.ask('vouch', { rows: [{ kind: 'person', id }] })
    if (!answer.ok) return answer
    const person = personOf(answer.value.rows[0] ?? {})
    if (vouched.size >= mostVouched) vouched.clear()
    vouched.set(id, { person, revision, until: clock.monotonic() + vouchedForMs })
    return ok(person)
  }

  const alarmed = new Set<string>()
  /** A sign-in whose facts do not open its presence: given in an earlier epoch, or changed by whoever has the database. */
  const raiseIfForged = async (token: string, face: SignInFace, presence: string): Promise<void> => {
    const earlier = Array.from({ length: Math.min(face.epoch - 1, 20) }, (_, back) => face.epoch - 1 - back)
    if (earlier.some((epoch) => tokens.openPresence(token, { ...face, epoch }, presence) !== undefined)) return
    if (alarmed.has(face.id) || alarmed.size >= mostVouched) return
    alarmed.add(face.id)
    const why = 'its facts are not those that were sealed'
    await audit.noteLater(forgedSignIn({ kind: 'sign_in', subject: face.id, why }), null, { phase: 'alarm' })
  }

  return async (token, idle = false) => {
    const now = clock.now()
    const found = await db.transaction().execute(async (tx) => {
      const row = await findSignIn(tx, tokens.hashOf('sign-in', token))
      if (row && !idle && holds(row, now) && now.getTime() - row.lastSeenAt.getTime() >= touchEveryMs) await touchSignIn(tx, row.id, now)
      return row
    })
    if (!found || !holds(found, now)) return fail({ code: 'identity.signed_out' })
    const inEpoch = await epoch()
    if (!inEpoch.ok) return inEpoch
    const face = { ...found, epoch: inEpoch.value }
    const presence = tokens.openPresence(token, face, found.presence)
    if (presence === undefined) {
      await raiseIfForged(token, face, found.presence)
      return fail({ code: 'identity.signed_out' })
    }
    const person = await vouchFor(found.person, found.personRevision)
    if (!person.ok) return person
    if (person.value.state !== 'active') return fail({ code: 'identity.not_active' })
    return ok({ person: person.value, presence, signIn: found.id })
  }
}
