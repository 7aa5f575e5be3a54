import type { Admitted, Attempt, Recognised, Refusal } from '../../gateways/contract.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { parseUserCertificate } from '../../protocols/ssh-keys/index.ts'
import type { Audit } from '../audit/index.ts'
import { recogniseSshKey } from '../identity/index.ts'
import type { Attempts } from './attempts.ts'
import { admitted } from './events.ts'

export interface RecogniseDeps {
  db: Db
  keeper: Keeper
  audit: Audit
  attempts: Attempts
}

const no = (code: string, say: string) => fail<Refusal>({ code, say })

export async function recogniseKey(
  { db, keeper }: RecogniseDeps,
  attempt: Attempt,
  publicKey: Uint8Array,
): Promise<Result<Recognised, Refusal>> {
  const found = await recogniseSshKey({ db, keeper }, { name: attempt.person, publicKey })
  if (found.ok) return ok({ person: found.value.person.id, attempt, admitted: false })
  const { error } = found
  return no(
    error.code,
    'message' in error ? error.message : 'This key is not known here. Add it in the console, or sign in with: claviger login.',
  )
}

/** Possession of a certificate's key, checked by the keeper against the certificate that it gave. */
export async function recogniseCertificate(
  deps: RecogniseDeps,
  attempt: Attempt,
  certificate: Uint8Array,
  signed: Uint8Array,
  signature: Uint8Array,
): Promise<Result<Admitted, Refusal>> {
  const { keeper, attempts, audit } = deps
  const refused = (code: string, say: string) => {
    attempts.record(attempt.door, attempt.from, code, 'certificate', { attempt })
    return no(code, say)
  }
  const parsed = parseUserCertificate(certificate)
  if (!parsed.ok) return refused('certificate.malformed', 'This certificate cannot be read. Get a new one: claviger login.')
  const { serial, principals } = parsed.value
  if (!principals.includes(attempt.person))
    return refused('certificate.other_person', `This certificate is not for ${attempt.person}. Sign in as that person: claviger login.`)
  if (serial > BigInt(Number.MAX_SAFE_INTEGER))
    return refused('certificate.unknown', 'This certificate was not given by us. Get a new one: claviger login.')
  const present = await keeper.ask('presenceByCertificate', {
    serial: Number(serial),
    signed: Buffer.from(signed).toString('base64'),
    signature: Buffer.from(signature).toString('base64'),
  })
  if (!present.ok) return refused(present.error.code, present.error.message)
  const person = present.value.person as PersonId
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'person', id: person }] })
  if (!vouched.ok) return refused(vouched.error.code, vouched.error.message)
  const name = (vouched.value.rows[0] as { name?: unknown } | undefined)?.name
  if (name !== attempt.person)
    return refused('certificate.other_person', `This certificate is not for ${attempt.person}. Sign in as that person: claviger login.`)
  await audit.noteLater(admitted({ door: attempt.door, way: attempt.way ?? 'native', factor: 'certificate', from: attempt.from }), person)
  return ok({ person, attempt, admitted: true, presence: present.value.presence })
}

/** Second factor: a code, accepted once. */
export async function admit(
  { keeper, attempts, audit }: RecogniseDeps,
  recognised: Recognised,
  code: string,
): Promise<Result<Admitted, Refusal>> {
  const { attempt, person, shown = ['key'] } = recognised
  // a password that was right and a code that is not: somebody may know a password that is not theirs
  const what = shown.includes('password') ? 'second factor, after the right password' : 'second factor'
  if (!/^\d{6}$/.test(code)) {
    attempts.record(attempt.door, attempt.from, 'factor.malformed', 'a code that is not six digits', { attempt, person })
    return no('factor.malformed', 'A code is the six digits that your authenticator shows.')
  }
  const present = await keeper.ask('presence', { person, code })
  if (!present.ok) {
    attempts.record(attempt.door, attempt.from, present.error.code, what, { attempt, person })
    return no(present.error.code, present.error.message)
  }
  const factor = shown.includes('password') ? [...shown, 'totp'].join('+') : 'totp'
  await audit.noteLater(admitted({ door: attempt.door, way: attempt.way ?? 'native', factor, from: attempt.from }), person)
  return ok({ person, attempt, admitted: true, presence: present.value.presence })
}
