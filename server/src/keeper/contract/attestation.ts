import { z } from 'zod'
import { attestation, authority } from './authority.ts'
import { api, characterClass, content, doors, factKind, nothing, operation, someId } from './operation.ts'

const passwordFloor = z.strictObject({ length: z.int(), classes: z.int(), bits: z.int() })

/** Rows that decide access: sealed under the key of attestation, and read again. */
export const attestationOperations = {
  attest: operation(
    doors,
    z.strictObject({
      rows: z
        .array(z.strictObject({ kind: factKind, revision: z.int().min(1), content }))
        .min(1)
        .max(500),
      authority,
    }),
    z.strictObject({ attestations: z.array(attestation), presence: z.string().nullable() }),
  ),
  /** Reads rows for the caller and answers them only when they are what was attested last. */
  vouch: operation(
    doors,
    z.strictObject({
      rows: z
        .array(z.strictObject({ kind: factKind, id: someId }))
        .min(1)
        .max(200),
    }),
    z.strictObject({ rows: z.array(content) }),
  ),
  /** Every policy that the ledger knows or the database has: as attested, or why it is not. For looking at. */
  policies: operation(
    api,
    nothing,
    z.strictObject({
      policies: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          text: z.string(),
          state: z.enum(['active', 'retired']),
          revision: z.int(),
          forged: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** Every password policy that the ledger knows, as attested, or why it is not. For looking at. */
  passwordPolicies: operation(
    api,
    nothing,
    z.strictObject({
      policies: z.array(z.strictObject({ id: someId, content, bits: z.number(), forged: z.string().nullable() })),
      floor: passwordFloor,
      exceptionFloor: passwordFloor,
      standard: z.strictObject({ length: z.int(), classes: z.array(characterClass), bits: z.number() }),
    }),
  ),
} as const
