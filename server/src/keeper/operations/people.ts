import { ok } from '../../kernel/result.ts'
import { verifyEd25519 } from '../../platform/crypto/ed25519.ts'
import { sameBytes, sha256 } from '../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import {
  buildUserCertificate,
  ed25519Blob,
  ed25519CertificateType,
  ed25519Raw,
  parseSignedLogin,
  parseUserCertificate,
} from '../../protocols/ssh-keys/index.ts'
import { actorOf } from '../authority/actors.ts'
import type { KeeperContext } from '../context.ts'
import type { Authority } from '../contract.ts'
import { actDigest } from '../people/act-digest.ts'
import { factorPeriodMs } from '../people/factors.ts'
import { readPasskeyUse } from '../people/passkeys.store.ts'
import { type CertificateRow, certificatesOf, insertCertificate, readCertificate, readFactorUse } from '../people/people.store.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import { factorShownBy } from '../shown-factor.ts'
import { systemKey } from '../vault/system-keys.ts'
import type { Handler } from './handler.ts'

export const presence: Handler<'presence'> = async ({ context, role, args }) => {
  // what comes through a gateway was typed by somebody, and a passkey cannot be typed
  if (role === 'gateway' && factorShownBy(args.code) !== 'totp')
    return refuse('factor.code_wrong', 'That is no code. Take the six digits that your authenticator shows now.')
  const spent = await context.prove({ ...args, act: actDigest('presence', args.act ?? null) })
  if (!spent.ok) return spent
  const person = await context.facts.read('person', args.person)
  return person.ok ? ok(context.presences.give({ person: args.person, revision: person.value.revision })) : person
}

/** The tries are counted by who asks, with those of the console; here is said what the rows say that we attested. */
export const comparePassword: Handler<'comparePassword'> = async ({ context, args, payload }) => {
  const person = await context.facts.find('person', args.person)
  const factors = await context.facts.where('factor', { person_id: args.person })
  const given = await payload.use('recognise', sha256)
  if (!person.ok) return person
  if (!factors.ok) return factors
  const password = factors.value.find(({ content }) => content.kind === 'password' && content.state === 'active')
  const same = password !== undefined && sameBytes(sha256(String(password.content.verifier)), given)
  const who = person.value?.content
  if (!same || who?.name !== args.name) return ok({ matches: false })
  // told to nobody who does not know the password
  if (who.state !== 'active') return refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
  return ok({ matches: true })
}

export const factorUses: Handler<'factorUses'> = async ({ context, args }) => {
  const person = await context.facts.read('person', args.person)
  if (!person.ok) return person
  const factors = []
  for (const factor of args.factors) {
    const use = await readFactorUse(context.pool, factor)
    const usedAt = use.last_step > 0 ? new Date(use.last_step * factorPeriodMs).toISOString() : null
    const locked = use.locked_until && use.locked_until > context.now() ? use.locked_until.toISOString() : null
    factors.push({ factor, usedAt, lockedUntil: locked })
  }
  const passkeys = []
  for (const passkey of args.passkeys)
    passkeys.push({ passkey, usedAt: (await readPasskeyUse(context.pool, passkey))?.usedAt.toISOString() ?? null })
  const running = await certificatesOf(context.pool, args.person, context.now())
  const holding = running.filter((c) =>
    context.keys.hasMac(c.mac, 'certificate', ...macParts(context.identity.epoch, person.value.revision, c)),
  )
  const certificates = person.value.content.state === 'active' ? holding : []
  return ok({
    factors,
    passkeys,
    certificates: certificates.map((c) => ({ shownAt: c.shown_at.toISOString(), validUntil: c.valid_until.toISOString() })),
  })
}

/** Shorter than a presence: what lies as a file on a laptop. */
const certificateMs = 4 * 3600_000

export const issueCertificate: Handler<'issueCertificate'> = async ({ context, args }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const name = String(present.value.content.name)
  const key = ed25519Raw(Buffer.from(args.publicKey, 'base64'))
  if (!key.ok) return refuse('certificate.key_kind', 'Certificates are given for Ed25519 keys. Make one: ssh-keygen -t ed25519.')
  const now = context.now().getTime()
  // never longer than the sign-in that it comes from: eight hours after a code there is no presence without another
  const until = new Date(Math.min(now + certificateMs, present.value.until.getTime()))
  const serial = randomSecretBytes(6).readUIntBE(0, 6) + 1
  const ca = await systemKey(context.vault, 'user-ca')
  if (!ca.ok) return ca
  const blob = await buildUserCertificate(
    {
      nonce: randomSecretBytes(32),
      publicKey: key.value,
      serial: BigInt(serial),
      keyId: `${name} ${present.value.person}`,
      principals: [name],
      // a minute back, for clocks that are a little behind ours
      validAfter: BigInt(Math.floor(now / 1000) - 60),
      validBefore: BigInt(Math.floor(until.getTime() / 1000)),
      criticalOptions: [],
      extensions: [{ name: 'permit-pty' }],
      authority: ed25519Blob(ca.value.publicKey),
    },
    (bytes) => ca.value.sign(bytes),
  )
  const row = {
    serial,
    person_id: present.value.person,
    public_key: Buffer.from(key.value),
    shown_at: present.value.at,
    valid_until: until,
  }
  await insertCertificate(context.pool, {
    ...row,
    mac: context.keys.mac('certificate', ...macParts(context.identity.epoch, present.value.revision, row)),
  })
  return ok({ certificate: `${ed25519CertificateType} ${Buffer.from(blob).toString('base64')}`, validUntil: until.toISOString() })
}

/** Epoch and revision of the person are in it: a new epoch voids every certificate, and so does whatever happens to the person. */
const macParts = (epoch: number, revision: number, row: Omit<CertificateRow, 'mac'>): string[] => [
  String(epoch),
  String(revision),
  String(row.serial),
  row.person_id,
  row.public_key.toString('hex'),
  row.shown_at.toISOString(),
  row.valid_until.toISOString(),
]

/** Someone holds the key of a certificate that we gave: `signed` is what they signed to log in (RFC 4252 section 7), with this certificate and as this person. */
export const presenceByCertificate: Handler<'presenceByCertificate'> = async ({ context, args }) => {
  const row = await readCertificate(context.pool, args.serial)
  const unknown = () =>
    refuse('certificate.unknown', 'This certificate was not given by us, or is void by now. Get a new one: claviger login.')
  if (!row) return unknown()
  const person = await context.facts.read('person', row.person_id)
  // whose it is cannot be believed before the MAC was looked at
  if (!person.ok) return person.error.code === 'keeper.unknown_row' ? unknown() : person
  if (!context.keys.hasMac(row.mac, 'certificate', ...macParts(context.identity.epoch, person.value.revision, row))) {
    const { state } = person.value.content
    return state === 'active' ? unknown() : refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
  }
  if (row.valid_until <= context.now()) return refuse('certificate.expired', 'This certificate has expired. Get a new one: claviger login.')
  const signed = Buffer.from(args.signed, 'base64')
  const login = loginWith(signed)
  if (login?.serial !== args.serial || !verifyEd25519(row.public_key, signed, Buffer.from(args.signature, 'base64')))
    return refuse('certificate.not_held', 'The key of this certificate did not sign this login.')
  if (person.value.content.state !== 'active') return refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
  if (person.value.content.name !== login.person) return refuse('certificate.other_person', 'This certificate is for another person.')
  // as old as the code behind the certificate: what asks for a fresh code is not opened by a key on a laptop
  return ok({
    ...context.presences.give({ person: row.person_id, revision: person.value.revision }, { shown: row.shown_at, until: row.valid_until }),
    person: row.person_id,
  })
}

/** What the client said that it signs for. A key that also signs commits or other people's challenges must not open anything with those. */
function loginWith(signed: Uint8Array): { serial: number; person: string } | undefined {
  const login = parseSignedLogin(signed)
  const certificate = login.ok ? parseUserCertificate(login.value.key) : undefined
  if (!login.ok || !certificate?.ok || login.value.algorithm !== ed25519CertificateType) return undefined
  // `person@account@target`
  return { serial: Number(certificate.value.serial), person: login.value.user.split('@').slice(0, -2).join('@') }
}

export const openEnrolment: Handler<'openEnrolment'> = async ({ context, args }) => {
  const person = await context.facts.read('person', args.person)
  if (!person.ok) return person
  if (args.authority.by === 'stepUp' && args.authority.person === args.person) return await ownAuthenticator(context, args.authority)
  if (person.value.content.state !== 'invited') return refuse('enrolment.not_invited', 'This person is enrolled already.')
  // an invitation was attested with an administrator's code or the setup token a moment ago: `system` sends the link for it
  const who = { person: args.person, revision: person.value.revision }
  if (args.authority.by === 'system') return ok({ token: await context.enrolments.open(who) })
  const actor = await actorOf(context, args.authority, actDigest('openEnrolment', args.person))
  if (!actor.ok) return actor
  const first = args.authority.by === 'setup' && (person.value.content.groups as string[]).includes('administrators')
  return ok({
    token: await context.enrolments.open(who, first && args.authority.by === 'setup' ? { token: args.authority.token } : {}),
  })
}

/** For somebody's own next authenticator, with a code of the one that they have. */
async function ownAuthenticator(context: KeeperContext, authority: Extract<Authority, { by: 'stepUp' }>) {
  const actor = await actorOf(context, authority, actDigest('openEnrolment', authority.person))
  if (!actor.ok) return actor
  if (actor.value.by !== 'stepUp') return refuse('enrolment.not_invited', 'This person is enrolled already.')
  return ok({ token: await context.enrolments.open(actor.value, { validMs: ownAuthenticatorMs }) })
}
const ownAuthenticatorMs = 10 * 60_000

export const beginEnrolment: Handler<'beginEnrolment'> = async ({ context, args }) => {
  const begun = await context.enrolments.begin(args.token)
  return begun.ok ? ok({ person: begun.value.person, factor: begun.value.factor, payload: begun.value.seed }) : begun
}

export const finishSetup: Handler<'finishSetup'> = async ({ context, args }) => {
  if (!context.setup.isToken(args.token)) return refuse('setup.closed', 'The first run is over, or this is not its link.')
  await context.setup.finish()
  return ok({ done: true as const })
}
