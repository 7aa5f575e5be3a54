import { z } from 'zod'

/** What checking the sealed file said. */
export const verified = z.strictObject({
  ok: z.boolean(),
  chunks: z.int(),
  head: z.string(),
  interrupted: z.boolean(),
  message: z.string(),
})
