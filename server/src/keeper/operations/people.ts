import { ok } from '../../kernel/result.ts'
import { verifyEd25519 } from '../../platform/crypto/ed25519.ts'
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
import { type CertificateRow, insertCertificate, readCertificate } from '../people/people.store.ts'
import { refuse } from '../refuse.ts'
import { systemKey } from '../vault/system-keys.ts'
import type { Handler } from './handler.ts'

export const presence: Handler<'presence'> = async ({ context, args }) => {
  const spent = await context.factors.spend(args.person, args.code)
  return spent.ok ? ok(context.presences.give(args.person)) : spent
}

/** Shorter than a presence: what lies as a file on a laptop. */
const certificateMs = 4 * 3600_000

export const issueCertificate: Handler<'issueCertificate'> = async ({ context, args }) => {
  const present = context.presences.check(args.presence)
  if (!present.ok) return present
  const person = await context.facts.read('person', present.value.person)
  if (!person.ok) return person
  if (person.value.content.state !== 'active') return refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
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
      keyId: `${person.value.content.name} ${present.value.person}`,
      principals: [String(person.value.content.name)],
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
  await insertCertificate(context.pool, { ...row, mac: context.keys.mac('certificate', ...macParts(context.identity.epoch, row)) })
  return ok({ certificate: `${ed25519CertificateType} ${Buffer.from(blob).toString('base64')}`, validUntil: until.toISOString() })
}

/** The epoch is in it: a new one voids every certificate. */
const macParts = (epoch: number, row: Omit<CertificateRow, 'mac'>): string[] => [
  String(epoch),
  String(row.serial),
  row.person_id,
  row.public_key.toString('hex'),
  row.shown_at.toISOString(),
  row.valid_until.toISOString(),
]

/** Someone holds the key of a certificate that we gave: `signed` is what they signed to log in (RFC 4252 section 7), with this certificate and as this person. */
export const presenceByCertificate: Handler<'presenceByCertificate'> = async ({ context, args }) => {
  const row = await readCertificate(context.pool, args.serial)
  const genuine = row && context.keys.hasMac(row.mac, 'certificate', ...macParts(context.identity.epoch, row))
  if (!row || !genuine) return refuse('certificate.unknown', 'This certificate was not given by us. Get a new one: claviger login.')
  if (row.valid_until <= context.now()) return refuse('certificate.expired', 'This certificate has expired. Get a new one: claviger login.')
  const signed = Buffer.from(args.signed, 'base64')
  const login = loginWith(signed)
  if (login?.serial !== args.serial || !verifyEd25519(row.public_key, signed, Buffer.from(args.signature, 'base64')))
    return refuse('certificate.not_held', 'The key of this certificate did not sign this login.')
  const person = await context.facts.read('person', row.person_id)
  if (!person.ok) return person
  if (person.value.content.state !== 'active') return refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
  if (person.value.content.name !== login.person) return refuse('certificate.other_person', 'This certificate is for another person.')
  // as old as the code behind the certificate: what asks for a fresh code is not opened by a key on a laptop
  return ok({ ...context.presences.give(row.person_id, { shown: row.shown_at, until: row.valid_until }), person: row.person_id })
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
  if (person.value.content.state !== 'invited') return refuse('enrolment.not_invited', 'This person is enrolled already.')
  // an invitation was attested with an administrator's code or the setup token a moment ago: `system` sends the link for it
  if (args.authority.by === 'system') return ok({ token: await context.enrolments.open(args.person) })
  const actor = await actorOf(context, args.authority)
  if (!actor.ok) return actor
  const first = args.authority.by === 'setup' && (person.value.content.groups as string[]).includes('administrators')
  return ok({
    token: await context.enrolments.open(args.person, first && args.authority.by === 'setup' ? args.authority.token : undefined),
  })
}

export const beginEnrolment: Handler<'beginEnrolment'> = async ({ context, args }) => {
  const begun = await context.enrolments.begin(args.token)
  return begun.ok ? ok({ person: begun.value.person, factor: begun.value.factor, payload: begun.value.seed }) : begun
}

export const isSetupToken: Handler<'isSetupToken'> = async ({ context, args }) => ok({ valid: context.setup.isToken(args.token) })

export const finishSetup: Handler<'finishSetup'> = async ({ context, args }) => {
  if (!context.setup.isToken(args.token)) return refuse('setup.closed', 'The first run is over, or this is not its link.')
  context.setup.finish()
  return ok({ done: true as const })
}
