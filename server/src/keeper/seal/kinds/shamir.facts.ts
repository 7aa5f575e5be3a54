import { z } from 'zod'

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const setId = z.string().regex(/^[0-9a-f]{10}$/)
const shares = z.int().min(2).max(16)

export const shamirFacts = z.strictObject({
  kind: z.literal('shamir'),
  set: setId,
  threshold: shares,
  shares,
  /** By number of the share. */
  digests: z.array(hex64).min(2).max(16),
  /** Sets that were handed out before this one and open nothing any more. */
  former: z.array(setId).max(64),
})
export type ShamirFacts = z.infer<typeof shamirFacts>
