import { type EventEmitter, on } from 'node:events'
import type { Db } from '../../../platform/db/open-db.ts'
import { type LinkRow, linkState } from './links.store.ts'

export interface WaitDeps {
  db: Db
  /** Emits `link` with the id of one that the database says was decided on; '' when some may have. */
  changes: EventEmitter
  now: () => Date
}

/** A notification may be lost with its connection: look by yourself as often. */
const lookAgainMs = 2_000

/** What came of a link; `confirmed` as the database says, which opens nothing. */
export async function untilDecided(
  { db, changes, now }: WaitDeps,
  { id, expires_at }: LinkRow,
  signal: AbortSignal,
): Promise<'confirmed' | 'refused' | 'misread' | 'expired' | 'gone'> {
  if (signal.aborted) return 'gone'
  const told = on(changes, 'link', { signal })
  const timer = setInterval(() => changes.emit('link', id), lookAgainMs)
  const end = setTimeout(() => changes.emit('link', id), Math.max(0, expires_at.getTime() - now().getTime()))
  try {
    for (;;) {
      // a database that is away decides nothing: the time goes on
      const state = await db
        .transaction()
        .execute((tx) => linkState(tx, id))
        .catch(() => 'waiting' as const)
      if (signal.aborted) return 'gone'
      if (state === 'confirmed' || state === 'refused' || state === 'misread') return state
      if (state !== 'waiting' || expires_at <= now()) return 'expired'
      for (;;) {
        const { value } = await told.next()
        if (value?.[0] === id || value?.[0] === '') break
      }
    }
  } catch (error) {
    if (signal.aborted) return 'gone'
    throw error
  } finally {
    clearInterval(timer)
    clearTimeout(end)
    await told.return?.()
  }
}
