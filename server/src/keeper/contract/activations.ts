import { z } from 'zod'
import { api, operation, someId, text } from './operation.ts'

const progress = { given: z.int(), threshold: z.int(), opened: z.boolean(), forgottenIn: z.int().nullable() }

export const activationOperations = {
  /**
   * Where custodians give their shares for this activation, once its second person said yes. `statement`: JSON that says what for, and to which key
   * a share is encrypted; `signature`: by the ledger's key, whose public half stands in each share.
   */
  activationDoor: operation(
    api,
    z.strictObject({ activation: someId }),
    z.strictObject({
      statement: z.string(),
      signature: z.string(),
      custodians: z.array(z.strictObject({ name: z.string(), share: z.string() })),
      ...progress,
    }),
  ),
  /** One share, encrypted to the door's key (docs/formats.md). With as many as the key needs, the accounts of the activation are opened in memory. `alarm`: the entry that tells of it. */
  giveActivationShare: operation(
    api,
    z.strictObject({ activation: someId, sealed: text(20_000) }),
    z.strictObject({ ...progress, custodian: z.string(), alarm: someId.nullable() }),
  ),
} as const
