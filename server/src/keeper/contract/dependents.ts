import { z } from 'zod'
import { api, credential, operation, someId } from './operation.ts'

/** What leaves the vault for whatever else uses an account's credential. */
export const dependentOperations = {
  /**
   * Payload out: the current credential of a dependent's account. `intent` is the entry that says so. How it is told and where stand in the
   * answer, from attested rows: what asks uses these, and the account that manages that host.
   */
  dependentSecret: operation(
    api,
    z.strictObject({ dependent: someId, intent: someId }),
    z.strictObject({
      credential,
      version: z.int().min(1),
      public: z.string().nullable(),
      how: z.record(z.string(), z.json()),
      host: z.strictObject({
        id: someId,
        kind: z.string(),
        settings: z.record(z.string(), z.json()),
        identity: z.record(z.string(), z.string()),
      }),
    }),
  ),
} as const
