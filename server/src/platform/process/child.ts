import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fipsArguments, fipsEnvironment } from '../crypto/fips.ts'

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

/** Runs a part of the server as a process of its own group, and starts it again when it ends by itself. It ends when we do: its channel to us closes. */
export function superviseChild(options: ChildOptions): Child {
  let current: ChildProcess | undefined
  let stopping = false
  let delay = 250
  let served = false
  let full = false
  const first = Promise.withResolvers<Record<string, unknown>>()
  first.promise.catch(() => undefined)

  const start = (): void => {
    // no core files: they would hold what the process holds
    const child = spawn(
      '/bin/sh',
      ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, '--disable-sigusr1', ...fipsArguments(), options.file, ...options.args],
      {
        stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
        detached: true,
        cwd: '/',
        env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8', NODE_ENV: 'production', ...fipsEnvironment() },
      },
    )
    current = child
    full = false
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(JSON.stringify(options.config))
    child.on('message', (message: Record<string, unknown>) => {
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
      if (stopping) return
      if (!served) first.reject(new Error(`The ${options.name} could not start (${signal ?? `exit ${code}`}). What it said stands above.`))
      options.log(`the ${options.name} ended (${signal ?? `exit ${code}`}); starting it again in ${delay} ms`)
      setTimeout(() => {
        if (!stopping && served) start()
      }, delay)
      delay = Math.min(delay * 2, slowest)
    })
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
      const child = current
      if (!child || child.exitCode !== null) return
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      child.kill('SIGTERM')
      const inTime = await Promise.race([gone.then(() => true), sleep(graceMs, false)])
      if (!inTime) child.kill('SIGKILL')
      await gone
    },
  }
}
