import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { PostgresServerError } from './errors.ts'
import { explainOutput } from './explain-output.ts'
import type { Owner } from './folder.ts'

export interface Postmaster {
  pid: number
  /** Settles when the database has ended, whoever ended it; `expected` after `stop`. */
  exited: Promise<{ expected: boolean; detail: string }>
  /** Fast shutdown; after ten seconds immediate; after five more, SIGKILL. Safe to call twice. */
  stop(): Promise<void>
}

interface Launch {
  program: string
  args: readonly string[]
  owner: Owner | undefined
  folder: string
  address: string
  log: (line: string) => void
}

/*
 * A core would hold rows and passwords in the clear, and the limit can be set in no other way from here. When we are killed, the
 * kernel asks PostgreSQL to end as soon as nobody is connected: our other parts, who notice it too, say their last words before.
 * Where there is no `setpriv` (util-linux), it goes on until the next start stops it (orphan.ts).
 */
const launcher = `ulimit -c 0
setpriv --pdeathsig TERM true 2>/dev/null && exec setpriv --pdeathsig TERM "$0" "$@"
exec "$0" "$@"`

/** Starts `postgres` in a process group of its own (Ctrl-C in a terminal is ours to handle) and waits until it takes connections. */
export async function launchPostmaster({
  program,
  args,
  owner,
  folder,
  address,
  log,
}: Launch): Promise<Result<Postmaster, PostgresServerError>> {
  const child = spawn('/bin/sh', ['-c', launcher, program, ...args], {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  const recent: string[] = []
  let stopping = false
  const exited = new Promise<{ expected: boolean; detail: string }>((resolve) => {
    child.once('error', (error) => resolve({ expected: false, detail: error.message }))
    child.once('exit', (code, signal) => resolve({ expected: stopping, detail: signal ? `ended by ${signal}` : `ended with code ${code}` }))
  })
  const ready = new Promise<true>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log(line.slice(0, 2_000))
      if (recent.push(line) > 40) recent.shift()
      if (line.includes('database system is ready to accept connections')) resolve(true)
    })
  })
  // Recovery after a crash may take minutes, so there is no time limit: it either gets ready or ends.
  const outcome = await Promise.race([ready, exited])
  if (outcome !== true) {
    await sleep(50) // its last lines may still be in the pipe
    return fail(explainOutput(recent.length > 0 ? recent : [outcome.detail], { folder, address }))
  }
  const stop = async (): Promise<void> => {
    stopping = true
    for (const [signal, patience] of [
      ['SIGINT', 10_000],
      ['SIGQUIT', 5_000],
      ['SIGKILL', 5_000],
    ] as const) {
      if (hasEnded(child)) return
      child.kill(signal)
      await Promise.race([exited, sleep(patience, undefined, { ref: false })])
    }
  }
  return ok({ pid: child.pid as number, exited, stop })
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null
