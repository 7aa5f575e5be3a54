import { fail, ok, type Result } from '../../kernel/result.ts'
import { sameBytes } from '../../platform/crypto/hash.ts'
import { leafHash } from '../../platform/merkle/merkle.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactKind } from '../facts/fact.ts'
import type { KeeperKeys } from '../keys.ts'
import type { KeeperFolder } from '../state/folder.ts'
import type { KeeperIdentity } from '../state/identity.ts'
import { AwaitedEntries } from './awaited-entries.ts'
import { type Checkpoint, readCheckpoint, signCheckpoint, verifierKey } from './checkpoint.ts'
import type { StoredEntry } from './ledger.store.ts'
import type { SignedEntry } from './recent-entries.ts'
import { changed, checkpointChanged, cutOff, hole, signedOtherwiseElsewhere } from './say-difference.ts'
import { type Forged, TakenEntries } from './taken-entries.ts'
import type { Head } from './taken-log.ts'

export interface NotaryDeps {
  folder: KeeperFolder
  identity: KeeperIdentity
  keys: KeeperKeys
  now: () => Date
}

export interface NotaryDeps {
  folder: KeeperFolder
  identity: KeeperIdentity
  keys: KeeperKeys
  now: () => Date
}

/*
 * The notary signs the ledger and reads every entry that it signs. So it knows, from nothing but what it signed itself,
 * which revision of each attested row is the latest: a row or a whole database that was put back is seen.
 */
export class Notary {
  readonly #taken: TakenEntries
  #awaited = new AwaitedEntries()
  #last: Checkpoint | undefined
  #note = ''
  readonly #deps: NotaryDeps

  constructor(deps: NotaryDeps) {
    this.#deps = deps
    this.#taken = new TakenEntries(deps.keys)
  }

  get size(): number {
    return this.#taken.log.size
  }
  get note(): string {
    return this.#note
  }
  /** What the newest checkpoint covers that is on our disk: ours, or one that we followed. */
  get signedSize(): number {
    return this.#last?.size ?? 0
  }
  get verifierKey(): string {
    return verifierKey(this.#deps.identity.log, this.#deps.identity.signer.publicKey)
  }
  /** Whether the ledger says that the first run was closed. */
  get setupFinished(): boolean {
    return this.#taken.setupFinished
  }
  /** Another number whenever an attested row may have changed. */
  get changes(): number {
    return this.#taken.changes
  }
  /** Of the tree over its first `size` entries; the newest only. */
  rootAt(size: number): Buffer | undefined {
    return this.#taken.log.rootAt(size)
  }
  head(kind: FactKind, id: string): Head | undefined {
    return this.#taken.log.head(kind, id)
  }
  /** Every row of a kind that the ledger knows, so that one taken away from the database is missed. */
  idsOf(kind: FactKind): string[] {
    return this.#taken.log.idsOf(kind)
  }
  /** An entry under a checkpoint that is on the disk. */
  signedEntry(id: string): SignedEntry | undefined {
    const entry = this.#taken.recent.get(id)
    return entry && entry.place <= (this.#last?.size ?? 0) ? entry : undefined
  }

  /**
   * Replays what the database holds up to our own last checkpoint and compares. A difference means that history was changed or put back.
   * It is read to the end even so: officers who must look at it are known by what is left.
   */
  async replay(entries: AsyncIterable<StoredEntry>): Promise<Result<void, string>> {
    const saved = this.#deps.folder.read('checkpoint')?.toString('utf8')
    const anchor = saved === undefined ? undefined : readCheckpoint(saved, this.#deps.identity.signer.publicKey)
    if (saved !== undefined && !anchor) return fail(checkpointChanged)
    const size = anchor?.size ?? 0
    let missing: number | undefined
    let next = 1
    for await (const entry of entries) {
      if (entry.place > size) break
      if (entry.place !== next) missing ??= next
      next = entry.place + 1
      this.#taken.take(entry, size)
    }
    if (anchor && missing !== undefined) return fail(hole(missing, anchor))
    if (anchor && this.size < size) return fail(cutOff(this.size, anchor))
    if (anchor && !sameBytes(this.#taken.log.root(), anchor.root)) return fail(changed(anchor))
    this.#last = anchor
    this.#note = saved ?? ''
    return ok(undefined)
  }

  /**
   * Takes over whatever the database holds now, after two officers acknowledged the difference; entries that are not there any more
   * stay lost, and the new epoch, which `begin` begins, says so. A hole in the middle is no log: then nothing is changed.
   */
  async adopt(entries: AsyncIterable<StoredEntry>, begin: () => void): Promise<Result<void, KeeperRefusal>> {
    const { back, missing } = await this.#taken.beginAnew(entries)
    if (missing !== undefined) {
      back()
      return fail({
        code: 'ledger.hole',
        message: `The ledger has no entry at place ${missing}. Put that row back first: every export since then holds its bytes.`,
      })
    }
    begin()
    this.#sign()
    return ok(undefined)
  }

  /**
   * Takes over entries up to a checkpoint that another keeper of this installation signed. All or nothing: only when they follow without
   * a gap and give the root that was signed. The caller checked the signature.
   */
  follow(entries: readonly StoredEntry[], checkpoint: Checkpoint, note: string): Result<void, string> {
    const tree = this.#taken.log.tree()
    for (const entry of entries) {
      if (entry.place !== tree.size + 1) return fail(hole(tree.size + 1, checkpoint))
      tree.append(leafHash(entry.bytes))
    }
    if (tree.size !== checkpoint.size) return fail(hole(tree.size + 1, checkpoint))
    if (!sameBytes(tree.root(), checkpoint.root)) return fail(signedOtherwiseElsewhere(checkpoint))
    for (const entry of entries) this.#taken.take(entry)
    this.#keep(checkpoint, note)
    this.#awaited.arrived(entries)
    return ok(undefined)
  }

  /** Begins anew with what the database holds, when it gives the root of a later epoch's checkpoint. Else nothing is changed. */
  async rebuild(entries: AsyncIterable<StoredEntry>, checkpoint: Checkpoint, note: string): Promise<Result<void, string>> {
    const { back, missing } = await this.#taken.beginAnew(entries, checkpoint.size)
    const why =
      missing !== undefined || this.size !== checkpoint.size
        ? hole(missing ?? this.size + 1, checkpoint)
        : sameBytes(this.#taken.log.root(), checkpoint.root)
          ? undefined
          : signedOtherwiseElsewhere(checkpoint)
    if (why !== undefined) {
      back()
      return fail(why)
    }
    this.#keep(checkpoint, note)
    return ok(undefined)
  }

  /** Appends committed entries and signs the new checkpoint. Entries that no process of ours wrote are signed as what they are and named as forged. */
  append(first: number, entries: readonly StoredEntry[]): Result<{ size: number; note: string; forged: Forged[] }, KeeperRefusal> {
    const skip = this.size + 1 - first
    if (skip < 0)
      return fail({
        code: 'ledger.gap',
        message: `The ledger is signed up to ${this.size}; the next entry must have place ${this.size + 1}, not ${first}.`,
      })
    const fresh = entries.slice(skip)
    const forged = fresh.flatMap((entry) => this.#taken.take(entry) ?? [])
    // also what an earlier call took and could not sign, because the disk was full
    if (this.size > (this.#last?.size ?? 0)) this.#sign()
    this.#awaited.arrived(entries)
    return ok({ size: this.size, note: this.#note, forged })
  }

  /** Resolves true when the entry is signed, false after `ms`. */
  async whenSigned(id: string, ms: number): Promise<boolean> {
    if (this.signedEntry(id)) return true
    return (await this.#awaited.entry(id, ms)) || this.signedEntry(id) !== undefined
  }

  /** Resolves after the next batch, or after `ms`. */
  async nextBatch(ms: number): Promise<void> {
    await this.#awaited.batch(ms)
  }

  #sign(): void {
    const { identity, now } = this.#deps
    const next = { log: identity.log, size: this.size, root: this.#taken.log.root(), epoch: identity.epoch, time: now().toISOString() }
    this.#keep(next, signCheckpoint(identity.signer, next))
  }

  /** On the disk before anyone hears of it: after a crash we never sign another root for this size. */
  #keep(checkpoint: Checkpoint, note: string): void {
    this.#deps.folder.overwrite('checkpoint', note)
    this.#last = checkpoint
    this.#note = note
  }
}
