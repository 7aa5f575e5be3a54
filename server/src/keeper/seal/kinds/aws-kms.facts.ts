import { z } from 'zod'

export const awsKmsFacts = z.strictObject({
  kind: z.literal('aws-kms'),
  /** ARN of the key. */
  key: z.string().regex(/^arn:[a-z0-9-]{1,20}:kms:[a-z0-9-]{1,40}:\d{12}:key\/[A-Za-z0-9-]{1,100}$/),
  /** Random: what the ciphertext is bound to, beside what it is for. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** The root key under it, as the service gave it. */
  wrapped: z.base64().max(8192),
})
export type AwsKmsFacts = z.infer<typeof awsKmsFacts>
