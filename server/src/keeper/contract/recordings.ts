import { z } from 'zod'
import { api, done, gateway, operation, someId, text } from './operation.ts'

/** The keys of recordings, and the signature under what they came to. */
export const recordingOperations = {
  /** Payload out: 32 bytes of the recording's key, then 32 bytes of the key for unproven input. */
  createRecording: operation(gateway, z.strictObject({ recording: someId }), done),
  signManifest: operation(
    gateway,
    z.strictObject({ recording: someId, manifest: z.string().max(16_384) }),
    z.strictObject({ signature: z.string(), key: z.string() }),
  ),
  /**
   * Payload out: 32 bytes. `intent` is the ledger entry that says who views it; where `how` is given, in that way. Asked again with the same entry, by
   * another server or after a restart, it is given again to who views, for eight hours.
   */
  openRecording: operation(
    api,
    z.strictObject({ recording: someId, presence: text(1024), intent: someId, how: text(64).optional() }),
    done,
  ),
  /** Payload out: 64 bytes as of `createRecording`. For the newest showing of an opening; `intent` is the ledger entry that tells of that. */
  openUnprovenInput: operation(
    api,
    z.strictObject({ opening: someId, presence: text(1024), intent: someId }),
    z.strictObject({ recording: someId }),
  ),
} as const
