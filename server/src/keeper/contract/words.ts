import { z } from 'zod'
import { api, done, operation, someId, text } from './operation.ts'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const words = (most: number) => z.array(text(64)).min(1).max(most)

/** The search across sessions: words become the beginnings of MACs under a key of their month, which never leaves the keeper. */
export const wordOperations = {
  /** Payload out: 32 bytes, the viewers' key of one recording. `intent` is the ledger entry that says that it is read for its words. */
  openRecordingForWords: operation(api, z.strictObject({ recording: someId, intent: someId }), done),
  /** Payload out: 8 bytes for each word. Of a recording that was opened for it within the hour; `month`: in which its session began (UTC). */
  hashWords: operation(api, z.strictObject({ recording: someId, month, words: words(2_000) }), done),
  /**
   * Payload out: for each month that has a key 8 bytes for each word. `intent` is the ledger entry that says who searches. Both months and all between
   * them; the newest ten years of it.
   */
  hashSearch: operation(
    api,
    z.strictObject({ presence: text(1024), intent: someId, since: month, until: month, words: words(32) }),
    z.strictObject({ months: z.array(z.string()) }),
  ),
} as const
