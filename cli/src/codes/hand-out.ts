import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError } from '../kit/exit.ts'
import { readIfThere, writePrivate } from '../kit/files.ts'
import { stepAt, stepSeconds, totp } from './totp.ts'

/*
 * The server takes each code once, and only one newer than the last. Whoever hands out codes of the lab's people must
 * therefore remember the step of the last one: `<data>/lab/codes.json`, name → step, shared by all who do.
 */

export interface Code {
  code: string
  step: number
  /** Milliseconds for which the server still takes it. */
  validMs: number
}

export interface HandOut {
  now?: () => number
  sleep?: (milliseconds: number) => Promise<unknown>
  /** Called before a wait, with whole seconds. */
  onWait?: (seconds: number) => void
  /**
   * `soonest` also takes the step before the present one, for programs that use the code at once; `present` gives
   * people a code that lasts.
   */
  from?: 'soonest' | 'present'
}

/** Answers a code that was never handed out before, waiting for the next one where all that the server would take are used. */
export async function handOutCode(data: string, name: string, secret: Uint8Array, how: HandOut = {}): Promise<Code> {
  const now = how.now ?? Date.now
  for (let turns = 0; turns < 4; turns++) {
    const step = takeStep(fileOf(data), name, now, how.from ?? 'present')
    // the server takes a step for as long as the present one is at most one away from it
    if (step !== undefined) return { code: totp(secret, step), step, validMs: (step + 2) * stepSeconds * 1000 - now() }
    const wait = (stepAt(now()) + 1) * stepSeconds * 1000 - now() + 50
    how.onWait?.(Math.ceil(wait / 1000))
    await (how.sleep ?? sleep)(wait)
  }
  throw new CliError('failed', `No code of ${name} is free: has the clock of this machine been set back?`)
}

/** Milliseconds until a code of this person is free; 0 when one is. Takes none. */
export function waitFor(data: string, name: string, now = Date.now()): number {
  const used = readUsed(fileOf(data))[name] ?? 0
  return stepAt(now) >= used ? 0 : used * stepSeconds * 1000 - now
}

const fileOf = (data: string) => join(data, 'lab', 'codes.json')
const readUsed = (file: string) => JSON.parse(readIfThere(file) ?? '{}') as Record<string, number>

/** The next free step, now taken; undefined when all that the server would take are used. */
function takeStep(file: string, name: string, now: () => number, from: 'soonest' | 'present'): number | undefined {
  return locked(file, () => {
    const used = readUsed(file)
    const present = stepAt(now())
    // near the end of a step the one before it may have passed by the time that it arrives: a busy machine takes seconds to start a program
    const endsSoon = (present + 1) * stepSeconds * 1000 - now() < 15_000
    const first = from === 'soonest' && !endsSoon ? present - 1 : present
    const step = Math.max(first, (used[name] ?? 0) + 1)
    if (step > present + 1) return undefined
    writePrivate(file, `${JSON.stringify({ ...used, [name]: step })}\n`)
    return step
  })
}

/** Runs `fn` while no other process does. A lock left behind by a killed one is broken after ten seconds. */
function locked<T>(file: string, fn: () => T): T {
  const lock = `${file}.lock`
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 })
  for (let tries = 0; tries < 600; tries++) {
    try {
      closeSync(openSync(lock, 'wx', 0o600))
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
      if (ageOf(lock) > 10_000) rmSync(lock, { force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
      continue
    }
    try {
      return fn()
    } finally {
      rmSync(lock, { force: true })
    }
  }
  throw new CliError('failed', `${lock} is held by another process.`, `rm ${lock}`)
}

function ageOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat ? Date.now() - stat.mtimeMs : 0
}
