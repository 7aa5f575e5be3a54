import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { BucketError } from '../../platform/object-store/index.ts'
import { type CarryDeps, carryOver } from './carry-over.ts'
import { ChunkFile } from './chunk-file.ts'
import { fileOf } from './recording-places.ts'
import { readNote } from './upload-note.ts'

export interface SpoolState {
  /** Bytes that lie here and not in the bucket. */
  bytes: number
  limit: number
  /** Until room was made: from then on nothing new is begun. */
  full: boolean
}

export interface Carrying {
  spool(): SpoolState
  /** Something is over: it need not wait for the next round. */
  soon(): void
  /** Milliseconds since the bucket took what there was, and why it does not. */
  reached(): { agoMs: number; cause?: string }
  stop(): Promise<void>
}

export interface CarryingDeps extends CarryDeps {
  /** Those of these that nobody writes any more. */
  over(recordings: readonly string[]): Promise<ReadonlySet<string>>
  /** Told when the spool becomes full, and again when it is not. */
  changed(state: SpoolState): void
  spoolBytes: number
  clock: Clock
  log: (line: string) => void
  everyMs?: number
}

const usualEveryMs = 5_000
const measureEveryMs = 1_000
/** What was full is not before so much of it is free again, so that it does not flicker. */
const roomAgain = 0.9

/** Takes what lies in the folder to the bucket, one recording at a time, for as long as the gateway runs; and knows how much waits. */
export function keepCarrying(deps: CarryingDeps): Carrying {
  const { clock, log, spoolBytes, everyMs = usualEveryMs } = deps
  const inBucket = new Map<string, number>()
  let state: SpoolState = { bytes: 0, limit: spoolBytes, full: false }
  let good = clock.monotonic()
  let cause: string | undefined
  let stopped = false
  let wake: (() => void) | undefined

  const measure = async (): Promise<void> => {
    let bytes = 0
    for (const recording of await recordingsIn(deps.recordings)) {
      const file = join(deps.recordings, `${recording}.clvr`)
      const size = (await stat(file).catch(() => undefined))?.size ?? 0
      bytes += Math.max(0, size - (inBucket.get(recording) ?? 0))
    }
    const full = bytes > spoolBytes * (state.full ? roomAgain : 1)
    const turned = full !== state.full
    state = { bytes, limit: spoolBytes, full }
    if (turned) deps.changed(state)
  }
  const round = async (): Promise<void> => {
    const here = await recordingsIn(deps.recordings)
    for (const known of inBucket.keys()) if (!here.includes(known)) inBucket.delete(known)
    for (const recording of here) {
      if (inBucket.has(recording)) continue
      const note = await readNote(join(deps.recordings, `${recording}.clvr`))
      inBucket.set(recording, note ? note.parts.length * note.partBytes : 0)
    }
    const over = await deps.over(here)
    // a node that was away for long is taken for dead by others, and what it writes for over
    const isOver = (recording: string) => over.has(recording) && !ChunkFile.isOpen(fileOf(deps, recording))
    let troubled: string | undefined
    for (const recording of here) {
      if (stopped) return
      try {
        inBucket.set(recording, await carryOver(deps, recording, isOver(recording)))
      } catch (error) {
        troubled ??= sentence(error)
        // of one that is away nothing more is asked in this round; any other trouble may be that of this recording alone
        if (error instanceof BucketError && error.fault !== 'refused' && error.fault !== 'no_upload') break
      }
    }
    if (troubled === undefined) good = clock.monotonic()
    if (troubled !== undefined && troubled !== cause) log(troubled)
    cause = troubled
  }
  const rounds = (async () => {
    while (!stopped) {
      // a database that is away is known elsewhere; what is over is asked again
      await round().catch((error: unknown) => log(`what is over could not be looked for: ${String(error)}`))
      if (stopped) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, everyMs)
      wake = resolve
      await promise
      clearTimeout(timer)
    }
  })()
  let measuring = false
  const timer = setInterval(() => {
    if (measuring) return
    measuring = true
    measure()
      .catch((error: unknown) => log(`the space of recordings that wait is not known: ${String(error)}`))
      .finally(() => {
        measuring = false
      })
  }, measureEveryMs)
  return {
    spool: () => state,
    soon: () => wake?.(),
    reached: () => ({ agoMs: Math.round(clock.monotonic() - good), ...(cause !== undefined && { cause }) }),
    async stop() {
      stopped = true
      clearInterval(timer)
      wake?.()
      await rounds
    },
  }
}

async function recordingsIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return []
  return (await readdir(folder)).flatMap((name) => /^(rec_[a-z0-9]{1,40})\.clvr$/.exec(name)?.[1] ?? [])
}

const why: Partial<Record<BucketError['fault'], string>> = {
  away: 'The bucket of the recordings is away',
  too_slow: 'The bucket of the recordings does not answer in time',
  denied: 'The bucket of the recordings refuses this server: look at CLAVIGER_S3_KEYS_FILE, and at what its key may',
  no_bucket: 'There is no such bucket: look at CLAVIGER_S3_BUCKET',
}

const sentence = (error: unknown): string =>
  error instanceof BucketError
    ? `${why[error.fault] ?? 'The bucket does not take a recording'} (${error.message}). Recordings wait in this server's folder.`
    : `A recording cannot be taken to the bucket: ${error instanceof Error ? error.message : String(error)}`
