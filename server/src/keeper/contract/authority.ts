import { z } from 'zod'
import { code, factKind, hex64, sixDigits, someId, text } from './operation.ts'

export const attestation = z.strictObject({ kind: factKind, id: someId, revision: z.int().min(1), digest: hex64, mac: hex64 })

/**
 * Why a row may be attested. `setup`: the one-time token, while the first run is open. `presence`: someone proved a second
 * factor within the last hours. `stepUp`: a fresh code for exactly this. `enrolment`: a one-time token and the first code of
 * the factor that it made. `system`: nothing but what the keeper can decide by itself.
 */
export const authority = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('setup'), token: text(128) }),
  z.strictObject({ by: z.literal('presence'), presence: text(1024) }),
  z.strictObject({ by: z.literal('stepUp'), person: someId, code }),
  z.strictObject({ by: z.literal('enrolment'), token: text(128), code: sixDigits }),
  z.strictObject({ by: z.literal('system') }),
])
export type Authority = z.infer<typeof authority>

/** Who may make the seal: the link of the first run, or the token that lies beside the data for whoever owns it. */
export const mayInitialise = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('setup'), token: text(128) }),
  z.strictObject({ by: z.literal('host'), token: text(128) }),
])

/** Who may close it: an administrator or officer with a fresh code, or the owner of the data. */
export const maySeal = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('stepUp'), person: someId, code }),
  z.strictObject({ by: z.literal('host'), token: text(128) }),
])

/** Who takes part in a key ceremony: an administrator or officer with a fresh code. */
export const inPerson = z.strictObject({ by: z.literal('stepUp'), person: someId, code })
