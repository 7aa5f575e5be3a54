import { z } from 'zod'
import { api, content, doors, nothing, operation, someId } from './operation.ts'

const rows = z.array(z.strictObject({ id: someId, content, forged: z.string().nullable() }))

/** How long recordings are kept, and their end. */
export const retentionOperations = {
  /** Every class, hold and closed anchor that the ledger knows, as attested, or why it is not. For looking at. */
  retention: operation(api, nothing, z.strictObject({ classes: rows, holds: rows, anchors: rows })),
  /** Until when the recording of a session is kept, as the keeper decides when it is asked to let it be destroyed. */
  recordingKept: operation(
    api,
    z.strictObject({ session: someId }),
    z.strictObject({ class: someId.nullable(), until: z.string().nullable(), holds: z.array(someId) }),
  ),
  /** Destroys the keys of a recording whose attested row says so, unless a hold came in between. Safe to repeat. */
  destroyRecordingKeys: operation(doors, z.strictObject({ recording: someId }), z.strictObject({ keys: z.int() })),
} as const
