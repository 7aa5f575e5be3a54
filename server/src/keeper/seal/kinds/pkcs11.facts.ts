import { z } from 'zod'

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))

export const pkcs11Facts = z.strictObject({
  kind: z.literal('pkcs11'),
  /** Name and serial number of the token that has the wrapping key. */
  token: z.string().min(1).max(64),
  serial: z.string().max(64),
  /** CKA_ID of the wrapping key. */
  key: hex(16),
  iv: hex(12),
  /** The root key under it: AES-256-GCM, with its tag. */
  wrapped: z.base64().max(100),
})
export type Pkcs11Facts = z.infer<typeof pkcs11Facts>
