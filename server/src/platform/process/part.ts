import { flushCompileCache } from 'node:module'
import { type Beats, beatEveryMs } from '../watch/beat.ts'
import { becomePart, type Part } from './identity.ts'

/** Reads the configuration that the supervisor writes to our standard input: at once, or when the process that we take the place of has ended. */
export async function readPartConfig<T>(): Promise<T> {
  tellSupervisor({ loaded: true })
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T
}

/** Longer than a supervisor waits before it kills a part that it told to stop. */
const lastMs = 15_000

/** Tells the supervisor something that it did not ask for, if it is there. */
export const tellSupervisor = (word: Record<string, unknown>): void =>
  void (process.connected && process.send?.({ word: true, ...word }, undefined, undefined, () => undefined))

/**
 * Asks the supervisor to end this process and to start another in its place: what it held as text cannot be wiped. `handedOn` is in the configuration
 * of the next one.
 */
export const askToBeReplaced = (why: string, handedOn?: unknown): void => tellSupervisor({ replace: { why, handedOn } })

export interface RunningPart {
  message: Record<string, unknown>
  stop(): Promise<void>
  /** How long ago each control in here was last seen to work; asked every few seconds. */
  beats?(): Beats
  /** What the supervisor says; the answer, if any, goes back to it. */
  told?(word: Record<string, unknown>): Promise<Record<string, unknown> | undefined>
}

/**
 * Frames the life of a part: gives up root, starts, says that it serves, ends on SIGTERM or when the supervisor is gone
 * (even by kill -9: then the channel closes).
 */
export async function runPart(
  part: Part,
  start: () => Promise<RunningPart>,
  /** Loads what libraries load late: after root is given up, the clone may be closed to us. */
  warmUp: () => Promise<void> = async () => undefined,
): Promise<void> {
  process.umask(0o027)
  await warmUp()
  // as who we are until here: the user of the part must not write what the next one runs
  flushCompileCache()
  becomePart(part)
  let stopping = false
  let stop: () => Promise<void> = async () => undefined
  const end = (): void => {
    if (stopping) return
    stopping = true
    // nobody else ends a part whose supervisor is gone
    setTimeout(() => process.exit(1), lastMs).unref()
    stop()
      .catch(() => undefined)
      .finally(() => process.exit(0))
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', () => undefined)
  process.on('disconnect', end)
  const started = await start()
  stop = started.stop
  if (stopping) end()
  process.send?.(started.message)
  const say = (word: Record<string, unknown>) =>
    process.connected && process.send?.({ word: true, ...word }, undefined, undefined, () => undefined)
  setInterval(() => say({ beats: started.beats?.() ?? {} }), beatEveryMs).unref()
  process.on('message', (word: Record<string, unknown>) => {
    started
      .told?.(word)
      .then((answer) => answer && say(answer))
      .catch(() => undefined)
  })
}
