import { z } from 'zod'

export const storedSettings = z.strictObject({
  host: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .regex(/^[^\p{C}]*$/u, 'one line')
    .optional()
    .meta({ description: 'Where it is, for people: a URL, a host, the name of a vendor. Claviger never connects to it' }),
})
