import { beginReading, giveUpReading, openStored, orderMissingWords, waitingForWords } from '../../recording/index.ts'
import { type IndexDeps, indexRecording } from './index-recording.ts'

const atOnce = 100
const mostTries = 3
const everyMs = 30_000

/**
 * Puts the words of ended recordings where they are found, one after the other; those on other servers' disks are theirs to read. What a crash
 * left half done is begun anew, and nothing of a recording is there before all is. Answers how many are found now that were not before.
 */
export async function indexRecordings(deps: IndexDeps, over: () => boolean = () => false): Promise<number> {
  let found = 0
  for (let after = ''; ; ) {
    const waiting = await waitingForWords(deps.db, after, atOnce)
    for (const recording of waiting) {
      if (over()) return found
      after = recording
      if (await indexOne(deps, recording)) found += 1
    }
    if (waiting.length < atOnce) return found
  }
}

async function indexOne(deps: IndexDeps, recording: string): Promise<boolean> {
  const stored = await openStored(deps, recording)
  if (!stored.ok || !stored.value) return false
  try {
    const begun = await beginReading(deps.db, recording)
    if (!begun) return false
    const came = await indexRecording(deps, recording, begun.n, stored.value).catch((error: unknown) => {
      deps.log(`the words of ${recording} could not be read: ${error instanceof Error ? error.message : String(error)}`)
      return 'later' as const
    })
    if (came === 'failed' || came === 'later')
      await giveUpReading(deps.db, recording, came === 'failed' || begun.tries >= mostTries ? 'failed' : 'waiting')
    return came === 'found'
  } finally {
    await stored.value.close()
  }
}

/** Does it whenever a recording ended (`ended`), and looks for what it missed twice a minute. */
export function startIndexing(deps: IndexDeps): { ended(): void; stop(): Promise<void> } {
  let over = false
  let running: Promise<unknown> | undefined
  let again = false
  const look = (): void => {
    again = running !== undefined
    if (running || over) return
    running = indexRecordings(deps, () => over)
      .catch((error: unknown) => deps.log(`words of recordings could not be looked after, trying again: ${String(error)}`))
      .finally(() => {
        running = undefined
        if (again) look()
      })
  }
  const timer = setInterval(look, everyMs)
  running = orderMissingWords(deps.db)
    .catch((error: unknown) => deps.log(`recordings without words could not be looked for: ${String(error)}`))
    .finally(() => {
      running = undefined
      look()
    })
  return {
    ended: look,
    async stop() {
      over = true
      clearInterval(timer)
      while (running) await running
    },
  }
}
