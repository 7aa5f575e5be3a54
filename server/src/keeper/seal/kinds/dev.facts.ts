import { z } from 'zod'

/** Names of its files. */
export const devFile = /^dev-root(-[0-9a-f]{8})?\.key$/

export const devFacts = z.strictObject({
  kind: z.literal('dev'),
  /** The file's name, where it is not the usual one: the key was replaced. */
  file: z.string().regex(devFile).optional(),
})
export type DevFacts = z.infer<typeof devFacts>
