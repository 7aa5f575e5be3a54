import type { Clock } from '../../../kernel/clock.ts'
import type { PersonId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { randomToken } from '../../../platform/crypto/random.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { IdentityError } from '../errors.ts'
import { algorithmNumbers } from './algorithm-numbers.ts'
import { credentialsOf } from './passkeys.view.ts'

export interface PasskeySite {
  rpId: string
  origin: string
}
export interface BeginPasskeyDeps {
  db: Db
  clock: Clock
  passkeySite: PasskeySite | undefined
  begun: BegunPasskeys
}

/** From when an authenticator is asked to make a passkey until a fresh code adds it. */
const validMs = 5 * 60_000
const most = 1000

/** Passkeys that are being made: one for each person, in memory. What is lost with a restart is made again. */
export type BegunPasskeys = ReturnType<typeof begunPasskeys>
export function begunPasskeys() {
  const begun = new Map<PersonId, { challenge: string; until: number }>()
  return {
    put(person: PersonId, challenge: string, now: Date): void {
      for (const [key, { until }] of begun) if (until <= now.getTime()) begun.delete(key)
      const oldest = begun.keys().next().value
      if (begun.size >= most && oldest !== undefined) begun.delete(oldest)
      begun.set(person, { challenge, until: now.getTime() + validMs })
    },
    get(person: PersonId, now: Date): string | undefined {
      const found = begun.get(person)
      return found && found.until > now.getTime() ? found.challenge : undefined
    },
    drop: (person: PersonId) => begun.delete(person),
  }
}

/** What the browser asks an authenticator for. Nothing is kept of it until what was made comes back with a fresh code. */
export async function beginPasskey(
  { db, clock, passkeySite: site, begun }: BeginPasskeyDeps,
  { by, name, displayName }: { by: PersonId; name: string; displayName: string },
) {
  if (!site) return fail<IdentityError>({ code: 'identity.no_passkeys_here' }) as Result<never, IdentityError>
  const challenge = randomToken()
  begun.put(by, challenge, clock.now())
  const known = await credentialsOf(db, by, site.rpId)
  return ok({
    rp: { id: site.rpId, name: 'Claviger' },
    user: { id: Buffer.from(by).toString('base64url'), name, displayName },
    challenge,
    pubKeyCredParams: algorithmNumbers.map(([alg]) => ({ type: 'public-key' as const, alg })),
    timeout: validMs,
    excludeCredentials: known.map((id) => ({ type: 'public-key' as const, id })),
    authenticatorSelection: { residentKey: 'preferred' as const, userVerification: 'required' as const },
    attestation: 'none' as const,
  })
}
