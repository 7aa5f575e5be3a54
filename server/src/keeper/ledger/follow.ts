import type pg from 'pg'
import type { KeeperIdentity } from '../state/identity.ts'
import { type Checkpoint, readCheckpoint } from './checkpoint.ts'
import { readEntries, type StoredEntry } from './ledger.store.ts'
import type { Notary } from './notary.ts'
import { readSignedElsewhere, readSteps, type StoredCheckpoint } from './signed-elsewhere.store.ts'

/*
 * Several keepers, one ledger: the one beside the elected sequencer signs, the others follow. Whoever follows believes the signature of
 * the ledger's key and its own arithmetic, and not the database: entries are taken over only when they give the root that was signed.
 */

/** Entries that are held in memory at once. */
const step = 5_000

export interface Follow {
  /** Takes over what other keepers signed. Answers the epoch of the elected sequencer, by which whoever wants to sign is measured. */
  catchUp(): Promise<{ elected: number }>
  /** Nothing opens and nothing is signed any more, and an alarm says why, until officers took note. */
  stop(why: string): Promise<void>
  /** One after the other: whoever signs, follows or begins an epoch sees the tree alone. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
}

export interface FollowDeps {
  pool: pg.Pool
  notary: Notary
  identity: KeeperIdentity
  /** Why nothing opens, if so. */
  divergence(): string | undefined
  /** What was signed and what is in the database do not agree: nothing opens until people looked. Undefined: they did, at another node. */
  diverged(why: string | undefined): void
  alarm(kind: string, id: string, why: string): Promise<void>
  /** After entries of others were taken over: what is remembered beside the ledger may have to change. */
  followed(): Promise<void>
}

export function createFollow(deps: FollowDeps): Follow {
  const { pool, notary, identity } = deps
  let turn: Promise<unknown> = Promise.resolve()

  /** The first of these that a keeper of this installation signed, and that says what its row says. */
  const genuine = async (rows: readonly StoredCheckpoint[]): Promise<{ checkpoint: Checkpoint; note: string } | undefined> => {
    for (const { epoch, size, note } of rows) {
      const checkpoint = readCheckpoint(note, identity.signer.publicKey)
      if (checkpoint?.log === identity.log && checkpoint.size === size && checkpoint.epoch === epoch) return { checkpoint, note }
      await deps.alarm('ledger', 'checkpoint', `the database holds a checkpoint of ${size} entries that no keeper signed`)
    }
    return undefined
  }

  const stop = async (why: string): Promise<void> => {
    deps.diverged(why)
    await deps.alarm('ledger', 'follow', why)
  }

  /** Two officers took note at another node: its keeper signed a new epoch over what is there now. */
  const beginAnew = async (checkpoint: Checkpoint, note: string): Promise<void> => {
    const entries = readEntries(pool, 1, checkpoint.size)
    const rebuilt = await notary.rebuild(entries, checkpoint, note)
    if (!rebuilt.ok) return await stop(rebuilt.error)
    await identity.reachEpoch(checkpoint.epoch, new Date(checkpoint.time))
    deps.diverged(undefined)
    await deps.followed()
  }

  /** One step nearer to the newest; false when there is nothing more to do. */
  const once = async (found: readonly StoredCheckpoint[]): Promise<boolean> => {
    const diverged = deps.divergence() !== undefined
    const newest = await genuine(diverged ? found.filter((c) => c.epoch > identity.epoch) : found)
    if (!newest) return false
    const { epoch, size } = newest.checkpoint
    if (epoch > identity.epoch && (diverged || size < notary.size)) {
      await beginAnew(newest.checkpoint, newest.note)
      return false
    }
    if (size < notary.size) return false // ours is ahead, and not signed yet: the next one covers both
    const near = size - notary.size > step ? await genuine(await readSteps(pool, epoch, notary.signedSize, notary.size + step)) : undefined
    const { checkpoint, note } = near ?? newest
    const entries: StoredEntry[] = []
    if (checkpoint.size > notary.size) for await (const entry of readEntries(pool, notary.size + 1, checkpoint.size)) entries.push(entry)
    const followed = notary.follow(entries, checkpoint, note)
    if (!followed.ok) {
      if (epoch > identity.epoch) await beginAnew(newest.checkpoint, newest.note)
      else await stop(followed.error)
      return false
    }
    await identity.reachEpoch(checkpoint.epoch, new Date(checkpoint.time))
    await deps.followed()
    return true
  }

  return {
    async catchUp() {
      for (;;) {
        const { elected, checkpoints } = await readSignedElsewhere(pool, identity.epoch, notary.signedSize)
        if (checkpoints.length === 0 || !(await once(checkpoints))) return { elected }
      }
    },
    stop,
    async inTurn(work) {
      const mine = turn.then(work, work)
      turn = mine.catch(() => undefined)
      return await mine
    },
  }
}
