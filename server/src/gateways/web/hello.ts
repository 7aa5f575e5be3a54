import { z } from 'zod'

/**
 * The first line of a connection from the console's server, as JSON: that it is that server (the token of this start), which door it wants,
 * and the address of the browser. It opens nothing by itself: behind the line the person's connection ticket is asked for, as of anybody.
 */
export const hello = z.strictObject({
  token: z.string().max(128),
  wire: z.enum(['ssh', 'postgres', 'mysql']),
  /** `ip:port` */
  from: z
    .string()
    .max(64)
    .regex(/^[0-9a-fA-F.:[\]]+:\d{1,5}$/),
})
export type Hello = z.infer<typeof hello>
export type WebWire = Hello['wire']

/** Bytes of the line. */
export const longestHello = 512
