import { setImmediate as breathe } from 'node:timers/promises'
import type { RecordingReader } from '../../recording/index.ts'
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

export function checkWhole(open: () => Promise<RecordingReader | undefined>): WholeCheck {
  const so = { checked: 0, verified: undefined as Verified | undefined, over: false }
  const read = async (): Promise<void> => {
    const reader = await open()
    if (!reader) throw new Error('it is not there any more')
    try {
      let since = performance.now()
      for await (const { block } of reader.blocks()) {
        if (so.over) return
        so.checked = block?.to ?? so.checked
        if (performance.now() - since < stepMs) continue
        await breathe()
        since = performance.now()
      }
      so.verified = showVerdict(reader)
    } finally {
      await reader.close()
    }
  }
  const done = read().catch(() => {
    so.verified ??= { ok: false, chunks: 0, head: '', interrupted: true, message: unread }
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
