import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawnPart } from './spawn-part.ts'

export interface ChildOptions {
  name: string
  /** TypeScript or JavaScript file that this Node runs. */
  file: string
  args: readonly string[]
  /** Sent as one JSON document on standard input: neither in the arguments nor in the environment, where others can read. */
  config: unknown
  /** What the child says once it serves. */
  onReady?: (message: Record<string, unknown>) => void
  /** What it says later on: its beats, and answers to what it was told. */
  onWord?: (word: Record<string, unknown>) => void
  log: (line: string) => void
}

export interface Child {
  readonly name: string
  pid(): number | undefined
  /** Tells it something, if it is there to hear it; nothing is kept for later. */
  tell(word: Record<string, unknown>): void
  /** Resolves when it first serves; rejects when it ends before that. */
  ready: Promise<Record<string, unknown>>
  stop(): Promise<void>
}

const graceMs = 10_000
const slowest = 10_000
const loadingMs = 20_000

/**
 * Runs a part of the server as a process of its own group, and starts it again when it ends by itself. It ends when we do: its channel to us closes.
 * A part may ask to be replaced (`askToBeReplaced`): another process of it, which holds nothing of what this one held but what it hands on itself.
 */
export function superviseChild(options: ChildOptions): Child {
  let current: ChildProcess | undefined
  let successor: ChildProcess | undefined
  let replacing: Promise<void> | undefined
  let stopping = false
  let delay = 250
  let served = false
  let full = false
  const first = Promise.withResolvers<Record<string, unknown>>()
  first.promise.catch(() => undefined)

  const load = (): ChildProcess => spawnPart(options.file, options.args)
  const start = (child = load(), handedOn?: unknown): void => {
    current = child
    full = false
    child.stdin?.end(JSON.stringify(handedOn === undefined ? options.config : { ...(options.config as object), handedOn }))
    child.on('message', (message: Record<string, unknown>) => {
      if ('loaded' in message) return
      if (isWish(message.replace)) {
        replacing ??= replace(child, message.replace).finally(() => {
          replacing = undefined
        })
        return
      }
      if ('word' in message) {
        options.onWord?.(message)
        return
      }
      served = true
      delay = 250
      options.onReady?.(message)
      first.resolve(message)
    })
    child.on('exit', (code, signal) => {
      if (current === child) current = undefined
      if (stopping || replacing) return
      if (!served) first.reject(new Error(`The ${options.name} could not start (${signal ?? `exit ${code}`}). What it said stands above.`))
      options.log(`the ${options.name} ended (${signal ?? `exit ${code}`}); starting it again in ${delay} ms`)
      setTimeout(() => {
        if (!stopping && served) start()
      }, delay)
      delay = Math.min(delay * 2, slowest)
    })
  }
  /** The next one loads its modules while this one still answers, so that nobody answers for a moment only. */
  const replace = async (child: ChildProcess, { why, handedOn }: Wish): Promise<void> => {
    options.log(`${why}: another process takes the place of the ${options.name}`)
    const next = load()
    successor = next
    const over = new Promise<void>((resolve) => next.once('exit', () => resolve()))
    await Promise.race([over, new Promise((resolve) => next.once('message', resolve)), sleep(loadingMs, undefined, { ref: false })])
    await end(child)
    successor = undefined
    if (stopping) return
    if (next.exitCode === null && next.signalCode === null) return start(next, handedOn)
    start(undefined, handedOn)
  }
  start()

  return {
    name: options.name,
    pid: () => current?.pid,
    ready: first.promise,
    tell(word) {
      // a part that does not read is not written to: what it is told would only pile up
      if (current?.connected && !full) full = !current.send(word, () => (full = false))
    },
    async stop() {
      stopping = true
      successor?.kill('SIGKILL')
      if (current) await end(current)
      await replacing
    },
  }
}

/** Why, and what the next process is told beside its configuration. */
interface Wish {
  why: string
  handedOn?: unknown
}
const isWish = (said: unknown): said is Wish => typeof said === 'object' && said !== null && 'why' in said

/** Asks a process to end, and ends it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const inTime = await Promise.race([gone.then(() => true), sleep(graceMs, false)])
  if (!inTime) child.kill('SIGKILL')
  await gone
}
