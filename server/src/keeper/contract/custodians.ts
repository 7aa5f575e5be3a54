import { z } from 'zod'
import { isRecipient } from '../../platform/crypto/age.ts'

/** Whom shares are encrypted to, in the order of the shares. */
export const custodians = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(60),
      key: z.string().max(3100).refine(isRecipient, 'must be the public key of a custodian: age1…'),
    }),
  )
  .max(16)
