import { setImmediate as breathe } from 'node:timers/promises'
import { checkChain, type Expected, type RecordingReader, type StoredRecording } from '../../recording/index.ts'
import { showVerdict } from '../show-verdict.ts'

export type Verified = ReturnType<typeof showVerdict>

/** The verification of a whole file, which goes on while parts of it are shown. */
export interface WholeCheck {
  readonly checked: number
  readonly verified: Verified | undefined
  /** Resolves when it is over. */
  readonly done: Promise<void>
  stop(): void
}

/** So long nothing else gets to run, in milliseconds: parts that somebody waits for come first. */
const stepMs = 5

/** What is known already: it was read to its end for the outline. */
export const checkedWhole = (reader: RecordingReader): WholeCheck => ({
  checked: reader.verdict?.bytes ?? 0,
  verified: showVerdict(reader),
  done: Promise.resolve(),
  stop: () => undefined,
})

/** Sealed bytes of their own, so that what is read at once for it does not push out what a part reads, and what they must be. */
export type ToCheck = { source: StoredRecording; expected: Expected }

/**
 * Follows the chain through all of the file, and opens nothing: the hashes at its end, which the ledger or an outline under the recording's own key
 * vouches for, are those of every byte before them.
 */
export function checkWhole(open: () => Promise<ToCheck | undefined>): WholeCheck {
  const so = { checked: 0, verified: undefined as Verified | undefined, over: false }
  const read = async (): Promise<void> => {
    const found = await open()
    if (!found) throw new Error('it is not there any more')
    const { source, expected } = found
    let since = performance.now()
    const patiently = {
      size: source.size,
      async read(from: number, length: number) {
        if (so.over) throw new Error('nobody asks any more')
        so.checked = Math.max(so.checked, from)
        if (performance.now() - since >= stepMs) {
          await breathe()
          since = performance.now()
        }
        return await source.read(from, length)
      },
    }
    try {
      const verdict = await checkChain(patiently, expected)
      so.checked = source.size
      so.verified = showVerdict({ verdict })
    } finally {
      await source.close()
    }
  }
  const done = read().catch(() => {
    if (!so.over) so.verified ??= { ok: false, chunks: 0, head: '', interrupted: true, message: unread }
  })
  return {
    get checked() {
      return so.checked
    },
    get verified() {
      return so.verified
    },
    done,
    stop() {
      so.over = true
    },
  }
}

const unread =
  'The recording could not be read to its end, so it is not verified as a whole. Each part that is shown was checked by itself. Open it again, and ask the operator if that stays so.'
