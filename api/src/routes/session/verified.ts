import { z } from 'zod'

/** What checking the sealed file said. */
export const verified = z.strictObject({
  ok: z.boolean(),
  chunks: z.int(),
  head: z.string(),
  interrupted: z.boolean(),
  message: z.string(),
})

/** How far the verification of a whole file is, which goes on while parts of it are shown. */
export const checked = z.strictObject({
  /** Null while it goes on. */
  verified: verified.nullable(),
  /** Bytes of the file, and of them those that were read. */
  bytes: z.int(),
  checked: z.int(),
})
export type Checked = z.infer<typeof checked>
