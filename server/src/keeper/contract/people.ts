import { z } from 'zod'
import { authority } from './authority.ts'
import { api, base64, code, done, doors, gateway, operation, someId, text } from './operation.ts'

/** Who is there, proved by a factor, and what is given out on that: certificates, connection tickets, factors of their own. */
export const peopleOperations = {
  /** `act`: what a passkey is asked for. Gateways are given codes alone. */
  presence: operation(
    doors,
    z.strictObject({ person: someId, code, act: text(200).optional() }),
    z.strictObject({ presence: z.string(), expiresAt: z.iso.datetime() }),
  ),
  /** Payload in: a verifier. Is it that of the password of this person, who is called so? For doors, which may not see one. */
  comparePassword: operation(gateway, z.strictObject({ person: someId, name: text(256) }), z.strictObject({ matches: z.boolean() })),
  presenceByCertificate: operation(
    gateway,
    z.strictObject({ serial: z.int().min(1), signed: base64(20_000), signature: base64(2_000) }),
    z.strictObject({ presence: z.string(), person: someId, expiresAt: z.iso.datetime() }),
  ),
  /** When the factors of one person were last used, and which of their certificates hold. For looking at. */
  factorUses: operation(
    api,
    z.strictObject({ person: someId, factors: z.array(someId).max(20), passkeys: z.array(someId).max(20).default([]) }),
    z.strictObject({
      factors: z.array(z.strictObject({ factor: someId, usedAt: z.iso.datetime().nullable(), lockedUntil: z.iso.datetime().nullable() })),
      passkeys: z.array(z.strictObject({ passkey: someId, usedAt: z.iso.datetime().nullable() })),
      certificates: z.array(z.strictObject({ shownAt: z.iso.datetime(), validUntil: z.iso.datetime() })),
    }),
  ),
  /** Payload out: nothing. The certificate is public. */
  issueCertificate: operation(
    api,
    z.strictObject({ presence: text(1024), publicKey: base64(4_000) }),
    z.strictObject({ certificate: z.string(), validUntil: z.iso.datetime() }),
  ),
  /** Payload out: the connection ticket, as text. `from`: address of the client that asked. */
  issueTicket: operation(
    api,
    z.strictObject({ presence: text(1024), grant: someId, from: text(64) }),
    z.strictObject({ expiresAt: z.iso.datetime() }),
  ),
  /** Payload in: a connection ticket. Answers whose it is, and a presence that is good for opening sessions now. */
  presenceByTicket: operation(
    gateway,
    z.strictObject({ from: text(64) }),
    z.strictObject({
      presence: z.string(),
      expiresAt: z.iso.datetime(),
      person: someId,
      name: z.string(),
      grant: someId,
      account: someId,
      endsAt: z.iso.datetime(),
    }),
  ),
  /**
   * Payload in: what only this connection knows. Was its link confirmed, for exactly this connection, by the person whose name it came under? Answers their
   * presence, as a code would; once.
   */
  presenceByLink: operation(
    gateway,
    z.strictObject({
      link: someId,
      who: text(128),
      account: text(64),
      target: text(128),
      source: text(64),
      number: z.string().regex(/^\d{3}$/),
    }),
    z.strictObject({ presence: z.string(), expiresAt: z.iso.datetime(), person: someId }),
  ),
  openEnrolment: operation(api, z.strictObject({ person: someId, authority }), z.strictObject({ token: z.string() })),
  /** Payload out: the TOTP seed, to be shown once to its owner. */
  beginEnrolment: operation(api, z.strictObject({ token: text(128) }), z.strictObject({ person: someId, factor: someId })),
  finishSetup: operation(api, z.strictObject({ token: text(128) }), done),
} as const
