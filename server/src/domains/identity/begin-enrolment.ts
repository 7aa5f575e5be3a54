import { Secret as OtpSecret, TOTP } from 'otpauth'
import type { Keeper } from '../../keeper/client.ts'
import type { FactContent } from '../../keeper/facts/fact.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { enrolmentBegun } from './events.ts'
import { matchPassword } from './match-password.ts'
import type { Passwords } from './passwords.ts'
import type { PendingEnrolments } from './pending-enrolments.ts'
import { lockFactors } from './people.store.ts'
import { type Group, type Person, passwordProblem } from './rules.ts'

export interface BeginEnrolmentDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  clock: Clock
  passwords: Passwords
  pending: PendingEnrolments
}
/** What an authenticator app takes: once as the address of a QR code, once for typing. Shown to its owner this one time. */
export interface Enrolment {
  person: Person
  totp: { uri: string; secret: string }
}

/** With the one-time token: takes a password (the one that the person has, where they have one still), makes an authenticator. Nothing counts until its first code confirms both. */
export async function beginEnrolment(
  deps: BeginEnrolmentDeps,
  { token, password, source = '' }: { token: string; password: string; source?: string },
): Promise<Result<Enrolment, IdentityError>> {
  const { audit, keeper, clock, passwords, pending } = deps
  const short = passwordProblem(password, '')
  if (short) return fail({ code: 'identity.password_weak', why: short })

  return await audit.act<Enrolment, IdentityError>({ act: 'identity.begin_enrolment', by: null }, async ({ tx, record }) => {
    const begun = await keeper.ask('beginEnrolment', { token })
    if (!begun.ok) return begun
    const { factor, payload: seed } = begun.value
    if (!seed) throw new Error('the keeper began an enrolment without a seed')
    const vouched = await keeper.ask('vouch', { rows: [{ kind: 'person', id: begun.value.person }] })
    if (!vouched.ok) return vouched
    const person = personOf(vouched.value.rows[0] as FactContent)
    const own = passwordProblem(password, person.name)
    if (own) return fail({ code: 'identity.password_weak', why: own })

    // whose authenticator alone was removed has a password still: whoever finds the link does not know it
    const kept = await passwordKept(tx, person.id)
    if (kept) {
      const matched = await matchPassword(deps, { name: person.name, password, source })
      if (!matched.ok) return fail(matched.error.error)
      await matched.value.forget(tx)
    }
    pending.put(token, { person, factor, verifier: kept ? null : await passwords.verifierOf(password) }, clock.now())
    await record(enrolmentBegun({ person: person.id, factor }))
    return ok({ person, totp: await authenticatorOf(seed, person.name) })
  })
}

const passwordKept = async (tx: Tx, person: PersonId) => (await lockFactors(tx, person)).some((f) => f.kind === 'password')

/** The app wants text, so the seed becomes a string here and lives until the answer was sent: named in docs/security.md. */
export const authenticatorOf = (seed: Secret, name: string): Promise<Enrolment['totp']> =>
  seed.use('show-once-to-owner', (bytes) => {
    const secret = new OtpSecret({ buffer: Uint8Array.from(bytes).buffer })
    const totp = new TOTP({ issuer: 'Claviger', label: name, secret, digits: 6, period: 30 })
    return { uri: totp.toString(), secret: secret.base32 }
  })

export const personOf = (content: FactContent): Person => ({
  id: content.id as PersonId,
  name: String(content.name),
  displayName: String(content.display_name),
  groups: content.groups as Group[],
  state: content.state as Person['state'],
  introducedBy: (content.introduced_by ?? null) as PersonId | null,
})
