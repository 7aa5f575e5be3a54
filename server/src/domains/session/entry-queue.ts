import { setTimeout as sleep } from 'node:timers/promises'

/** Entries that wait for the database; beyond it nothing passes until they are fewer. */
const mostWaiting = 200
/** A database that is away must not lose an entry: each is offered again, a second later. */
const tries = 120

export interface EntryQueue<E> {
  push(entry: E): void
  /** Resolves when enough was written for more to pass; undefined when there is nothing to wait for. */
  pressure(): Promise<void> | undefined
  /** Settles when every entry is written, or given up. */
  drained(): Promise<void>
}

/** Writes entries of one session to the ledger behind the session, one after the other, in the order in which they came. */
export function entryQueue<E>(
  write: (entry: E) => Promise<unknown>,
  late: (entry: E, error: unknown) => void,
  /** Whether it is the database that is waited for: then for as long as that takes. */
  isAway: () => boolean = () => false,
): EntryQueue<E> {
  const waiting: E[] = []
  let work: Promise<void> = Promise.resolve()
  let working = false
  let room: PromiseWithResolvers<void> | undefined

  const writeOne = async (entry: E): Promise<void> => {
    for (let [attempt, told] = [1, false]; ; ) {
      try {
        await write(entry)
        return
      } catch (error) {
        if (!told) late(entry, error)
        told = true
        if (!isAway() && attempt++ >= tries) return
        await sleep(1_000)
      }
    }
  }
  const writeAll = async (): Promise<void> => {
    for (let entry = waiting[0]; entry !== undefined; entry = waiting[0]) {
      await writeOne(entry)
      waiting.shift()
      if (waiting.length < mostWaiting / 2) room?.resolve()
    }
    // in the same step in which the list was found empty
    working = false
  }
  return {
    push(entry) {
      waiting.push(entry)
      if (working) return
      working = true
      work = writeAll()
    },
    pressure() {
      if (waiting.length < mostWaiting) return undefined
      room = Promise.withResolvers<void>()
      return room.promise
    },
    drained: () => work,
  }
}
