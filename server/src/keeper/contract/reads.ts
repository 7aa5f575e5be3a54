import { z } from 'zod'
import { about, anyCredential, api, code, operation, someId, text } from './operation.ts'

const refusal = z.object({ ok: z.literal(false), error: z.object({ code: z.string(), message: z.string() }) })
const source = text(64)
const most = 500

/** Programs that read a credential under their person's grant for seeing it, many at a time. */
export const readOperations = {
  /** Payload out: a ticket with which a program reads the credential of the grant's account. Takes a fresh code. */
  issueReadTicket: operation(
    api,
    z.strictObject({ grant: someId, person: someId, code, from: source }),
    z.strictObject({ expiresAt: z.iso.datetime() }),
  ),
  /** Payload in: the tickets, 27 bytes each. Whose they are, and which version there is to read now: what the entry of each read says. */
  recogniseReads: operation(
    api,
    z.strictObject({ reads: z.array(z.strictObject({ from: source, credential: anyCredential.optional() })).max(most) }),
    z.strictObject({
      reads: z.array(
        z.discriminatedUnion('ok', [
          z.object({
            ...{ ok: z.literal(true), person: z.string(), grant: z.string(), account: z.string() },
            ...{ name: z.string(), target: z.string(), credential: anyCredential, version: z.int() },
            /** Bytes, about. */
            ...{ size: z.int() },
          }),
          refusal,
        ]),
      ),
    }),
  ),
  /**
   * Payload in: the tickets; out: the credentials one behind the other, `length` bytes of each. Reads of one credential by one ticket go together:
   * `entry` is theirs in the ledger. It says exactly this, also how many `reads` they are, is signed, and counts once.
   */
  readCredentials: operation(
    api,
    z.strictObject({
      reads: z
        .array(
          z.strictObject({
            ...{ from: source, entry: someId, reads: z.int().min(1).max(most), credential: anyCredential, version: z.int().min(1) },
          }),
        )
        .max(most),
    }),
    z.strictObject({
      reads: z.array(
        z.discriminatedUnion('ok', [
          z.object({
            ok: z.literal(true),
            length: z.int(),
            public: z.string().nullable(),
            about: about.nullable(),
            endsAt: z.iso.datetime(),
          }),
          refusal,
        ]),
      ),
    }),
  ),
} as const
