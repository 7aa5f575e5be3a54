import { fail, type Result } from '../../kernel/result.ts'
import { holdLock } from '../../platform/db/hold-lock.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { turnOn } from '../inventory/index.ts'
import type { RotationError } from './errors.ts'

/** Those that were begun in this process and are not over, by target. */
const turns = new Map<string, Promise<unknown>>()
/** A rotation takes seconds; one that takes longer than this on another server is tried again as a job. */
const patienceMs = 30_000

/** When nothing rotates in this process any more, by a job or by a person's word. */
export const whenNoneRuns = async (): Promise<void> => void (await Promise.all(turns.values()))

/** Whether something runs or waits on this target in this process. */
export const isBusy = (target: string): boolean => turns.has(target)

/** Runs `fn` after whatever else was begun on this target: first in this process, then by a lock of the database on any server. */
export async function inTurn<T>(
  db: Db,
  target: string,
  fn: () => Promise<Result<T, RotationError>>,
  patience = patienceMs,
): Promise<Result<T, RotationError>> {
  const alone = async (): Promise<Result<T, RotationError>> => {
    const done = await holdLock(db, turnOn(target), patience, fn)
    return done.ok ? done.value : fail({ code: 'rotation.elsewhere' })
  }
  const before = turns.get(target) ?? Promise.resolve()
  const turn = before.then(alone, alone)
  const settled = turn.then(
    () => undefined,
    () => undefined,
  )
  turns.set(target, settled)
  try {
    return await turn
  } finally {
    if (turns.get(target) === settled) turns.delete(target)
  }
}
