import { z } from 'zod'
import { inPerson } from './authority.ts'
import { api, hex64, operation, someId, text } from './operation.ts'

/** Backups: who may have one made, and that it is of this installation. What is in one the supervisor's own child reads, never the keeper. */
export const backupOperations = {
  /**
   * Enters the intent and lets one backup be made, to these recipients alone. `schedule`: nobody's word but the operator's, and only to the
   * recipients of the settings.
   */
  backupBegin: operation(
    api,
    z.strictObject({
      backup: someId,
      recipients: z.array(text(100)).min(1).max(16),
      recordings: z.boolean(),
      authority: z.discriminatedUnion('by', [inPerson, z.strictObject({ by: z.literal('schedule') })]),
    }),
    z.strictObject({ intent: someId }),
  ),
  /** Before anything is read for it: whether that one was let, and what it is signed by. */
  backupStart: operation(
    ['supervisor'],
    z.strictObject({ backup: someId, recipients: z.array(text(100)).min(1).max(16), recordings: z.boolean() }),
    z.strictObject({ log: z.string(), verifierKey: z.string() }),
  ),
  /** Signs the digest of its manifest, once. */
  backupSign: operation(['supervisor'], z.strictObject({ backup: someId, digest: hex64 }), z.strictObject({ signature: z.string() })),
} as const
