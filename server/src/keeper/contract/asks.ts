import { z } from 'zod'
import { api, content, gateway, hex64, operation, someId, text } from './operation.ts'

const longest = 200_000
const act = content.refine((given) => JSON.stringify(given).length <= longest, 'longer than anybody reads')

/** The text of what is asked in sessions, which nobody keeps in the clear. */
export const askOperations = {
  /** Sealed for the row of the ask `id`, and what the row and the ledger say of it. */
  sealAsked: operation(
    gateway,
    z.strictObject({ id: someId, session: someId, act }),
    z.strictObject({ sealed: z.base64(), digest: hex64 }),
  ),
  /** Of each either its text or why there is none: for who is there and may read it. */
  openAsked: operation(
    api,
    z.strictObject({ asks: z.array(someId).min(1).max(500), presence: text(1024) }),
    z.strictObject({
      asks: z.array(z.union([z.strictObject({ id: someId, act: content, salt: hex64 }), z.strictObject({ id: someId, code: z.string() })])),
    }),
  ),
} as const
