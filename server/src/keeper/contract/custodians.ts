import { z } from 'zod'
import { isCustodianKey } from '../../platform/crypto/custodian-key.ts'

/** Whom shares are encrypted to, in the order of the shares. */
export const custodians = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(60),
      key: z
        .string()
        .max(3100)
        .refine(isCustodianKey, 'must be the public key of a custodian: p256-…, or outside of the FIPS profile age1…'),
    }),
  )
  .max(16)
