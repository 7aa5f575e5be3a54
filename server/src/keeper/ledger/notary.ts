import { fail, ok, type Result } from '../../kernel/result.ts'
import { sameBytes } from '../../platform/crypto/hash.ts'
import { Frontier, leafHash } from '../../platform/merkle/merkle.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { Attestation, FactKind } from '../facts/fact.ts'
import type { KeeperKeys } from '../keys.ts'
import type { KeeperFolder } from '../state/folder.ts'
import type { KeeperIdentity } from '../state/identity.ts'
import { type Checkpoint, readCheckpoint, signCheckpoint, verifierKey } from './checkpoint.ts'
import { entryShape, type LedgerEntry, type Phase } from './entry.ts'
import type { StoredEntry } from './ledger.store.ts'

export interface Head {
  revision: number
  digest: string
}

export interface Forged {
  id: string
  place: number
  why: string
}

/** What a signed entry says, as far as an operation may demand it before it gives something out. */
export interface SignedEntry {
  place: number
  act: string
  phase: Phase
  by: string | null
  fields: Record<string, unknown>
  /** An outcome was signed for this intent: nothing more leaves for it. */
  closed: boolean
}

/** Beyond these another server's checkpoint cannot be compared from memory; it brings one every few seconds. */
const rootsKept = 10_000

/*
 * The notary signs the ledger and reads every entry that it signs. So it knows, from nothing but what it signed itself,
 * which revision of each attested row is the latest: a row or a whole database that was put back is seen.
 */
export class Notary {
  #tree = new Frontier()
  #heads = new Map<string, Head>()
  /** Places of intents and their like that an operation may demand: the newest only, they are asked for within seconds. */
  #recent = new Map<string, SignedEntry>()
  #waiting = new Map<string, Set<() => void>>()
  #headWaiting = new Set<() => void>()
  #last: Checkpoint | undefined
  #note = ''
  #setupFinished = false
  #roots = new Map<number, Buffer>()
  readonly #deps: { folder: KeeperFolder; identity: KeeperIdentity; keys: KeeperKeys; now: () => Date }

  constructor(deps: { folder: KeeperFolder; identity: KeeperIdentity; keys: KeeperKeys; now: () => Date }) {
    this.#deps = deps
  }

  get size(): number {
    return this.#tree.size
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
    return this.#setupFinished
  }
  /** Of the tree over its first `size` entries; the newest only. */
  rootAt(size: number): Buffer | undefined {
    return this.#roots.get(size)
  }
  head(kind: FactKind, id: string): Head | undefined {
    return this.#heads.get(`${kind}/${id}`)
  }
  /** Every row of a kind that the ledger knows, so that one taken away from the database is missed. */
  idsOf(kind: FactKind): string[] {
    return [...this.#heads.keys()].filter((key) => key.startsWith(`${kind}/`)).map((key) => key.slice(kind.length + 1))
  }
  /** An entry under a checkpoint that is on the disk. */
  signedEntry(id: string): SignedEntry | undefined {
    const entry = this.#recent.get(id)
    return entry && entry.place <= (this.#last?.size ?? 0) ? entry : undefined
  }

  /**
   * Replays what the database holds up to our own last checkpoint and compares. A difference means that history was changed or put back.
   * It is read to the end even so: officers who must look at it are known by what is left.
   */
  async replay(entries: AsyncIterable<StoredEntry>): Promise<Result<void, string>> {
    const saved = this.#deps.folder.read('checkpoint')?.toString('utf8')
    const anchor = saved === undefined ? undefined : readCheckpoint(saved, this.#deps.identity.signer.publicKey)
    if (saved !== undefined && !anchor)
      return fail("The keeper's own checkpoint file was changed: its signature is not ours. Restore it from a backup.")
    const size = anchor?.size ?? 0
    let missing: number | undefined
    let next = 1
    for await (const entry of entries) {
      if (entry.place > size) break
      if (entry.place !== next) missing ??= next
      next = entry.place + 1
      this.#take(entry, size)
    }
    if (missing !== undefined)
      return fail(`The ledger has no entry at place ${missing}; the checkpoint of ${anchor?.time} saw ${size} entries. A row was deleted.`)
    if (this.#tree.size < size)
      return fail(
        `The ledger has ${this.#tree.size} entries; the checkpoint of ${anchor?.time} saw ${size}. Entries ${this.#tree.size + 1} to ${size} are missing: an old database was restored, or the end was cut off.`,
      )
    if (anchor && !sameBytes(this.#tree.root(), anchor.root))
      return fail(
        `The first ${size} entries of the ledger are not those that the checkpoint of ${anchor.time} saw. Run "claviger audit verify" against an outside export to name the changed entry.`,
      )
    this.#last = anchor
    this.#note = saved ?? ''
    return ok(undefined)
  }

  /**
   * Takes over whatever the database holds now, after two officers acknowledged the difference; entries that are not there any more
   * stay lost, and the new epoch, which `begin` begins, says so. A hole in the middle is no log: then nothing is changed.
   */
  async adopt(entries: AsyncIterable<StoredEntry>, begin: () => void): Promise<Result<void, KeeperRefusal>> {
    const before = { tree: this.#tree, heads: this.#heads, roots: this.#roots }
    this.#tree = new Frontier()
    this.#heads = new Map()
    this.#roots = new Map()
    for await (const entry of entries) {
      if (entry.place === this.#tree.size + 1) this.#take(entry)
      else {
        const place = this.#tree.size + 1
        this.#tree = before.tree
        this.#heads = before.heads
        this.#roots = before.roots
        return fail({
          code: 'ledger.hole',
          message: `The ledger has no entry at place ${place}. Put that row back first: every export since then holds its bytes.`,
        })
      }
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
    const tree = this.#tree.clone()
    for (const entry of entries) {
      if (entry.place !== tree.size + 1) return fail(hole(tree.size + 1, checkpoint))
      tree.append(leafHash(entry.bytes))
    }
    if (tree.size !== checkpoint.size) return fail(hole(tree.size + 1, checkpoint))
    if (!sameBytes(tree.root(), checkpoint.root)) return fail(otherRoot(checkpoint))
    for (const entry of entries) this.#take(entry)
    this.#keep(checkpoint, note)
    for (const entry of entries) this.#wake(entry.id)
    for (const wake of this.#headWaiting) wake()
    return ok(undefined)
  }

  /** Begins anew with what the database holds, when it gives the root of a later epoch's checkpoint. Else nothing is changed. */
  async rebuild(entries: AsyncIterable<StoredEntry>, checkpoint: Checkpoint, note: string): Promise<Result<void, string>> {
    const before = { tree: this.#tree, heads: this.#heads, roots: this.#roots }
    const back = (why: string): Result<void, string> => {
      this.#tree = before.tree
      this.#heads = before.heads
      this.#roots = before.roots
      return fail(why)
    }
    this.#tree = new Frontier()
    this.#heads = new Map()
    this.#roots = new Map()
    for await (const entry of entries) {
      if (entry.place !== this.#tree.size + 1) return back(hole(this.#tree.size + 1, checkpoint))
      this.#take(entry, checkpoint.size)
    }
    if (this.#tree.size !== checkpoint.size) return back(hole(this.#tree.size + 1, checkpoint))
    if (!sameBytes(this.#tree.root(), checkpoint.root)) return back(otherRoot(checkpoint))
    this.#keep(checkpoint, note)
    return ok(undefined)
  }

  /** Appends committed entries and signs the new checkpoint. Entries that no process of ours wrote are signed as what they are and named as forged. */
  append(first: number, entries: readonly StoredEntry[]): Result<{ size: number; note: string; forged: Forged[] }, KeeperRefusal> {
    const skip = this.#tree.size + 1 - first
    if (skip < 0)
      return fail({
        code: 'ledger.gap',
        message: `The ledger is signed up to ${this.#tree.size}; the next entry must have place ${this.#tree.size + 1}, not ${first}.`,
      })
    const fresh = entries.slice(skip)
    const forged = fresh.flatMap((entry) => this.#take(entry) ?? [])
    // also what an earlier call took and could not sign, because the disk was full
    if (this.#tree.size > (this.#last?.size ?? 0)) this.#sign()
    for (const entry of entries) this.#wake(entry.id)
    for (const wake of this.#headWaiting) wake()
    return ok({ size: this.#tree.size, note: this.#note, forged })
  }

  /** Resolves true when the entry is signed, false after `ms`. */
  async whenSigned(id: string, ms: number): Promise<boolean> {
    if (this.signedEntry(id)) return true
    return await new Promise((resolve) => {
      const waiters = this.#waiting.get(id) ?? new Set()
      const done = (signed: boolean) => {
        clearTimeout(timer)
        waiters.delete(wake)
        if (waiters.size === 0) this.#waiting.delete(id)
        resolve(signed)
      }
      const wake = () => done(true)
      const timer = setTimeout(() => done(this.signedEntry(id) !== undefined), ms)
      waiters.add(wake)
      this.#waiting.set(id, waiters)
    })
  }

  /** Resolves after the next batch, or after `ms`. */
  async nextBatch(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#headWaiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      this.#headWaiting.add(wake)
    })
  }

  /** `of`: how many entries are taken over altogether, where many are. */
  #take(entry: StoredEntry, of = 0): Forged | undefined {
    this.#tree.append(leafHash(entry.bytes))
    const { size } = this.#tree
    if (of - size < rootsKept) this.#roots.set(size, this.#tree.root())
    this.#roots.delete(size - rootsKept)
    const forged = (why: string): Forged => ({ id: entry.id, place: this.#tree.size, why })
    if (!sameBytes(entry.tag, this.#deps.keys.entryTag(entry.origin, entry.bytes))) return forged('no process of ours wrote it')
    const written = entryIn(entry.bytes)
    if (written?.id !== entry.id) return forged('its bytes are not an entry of this id')
    const { act, phase, by, fields, intent } = written
    if (act === 'identity.setup_finished' && phase === 'done') this.#setupFinished = true
    const begun = phase === 'outcome' && intent !== null ? this.#recent.get(intent) : undefined
    if (begun) begun.closed = true
    this.#remember(entry.id, { place: this.#tree.size, act, phase, by, fields, closed: false })
    for (const attestation of written.attests) this.#advance(attestation)
    return undefined
  }

  #advance(attestation: Attestation): void {
    const key = `${attestation.kind}/${attestation.id}`
    const known = this.#heads.get(key)
    if (!this.#deps.keys.isOurs(attestation) || (known && attestation.revision <= known.revision)) return
    this.#heads.set(key, { revision: attestation.revision, digest: attestation.digest })
  }

  #remember(id: string, entry: SignedEntry): void {
    this.#recent.set(id, entry)
    if (this.#recent.size > 20_000) for (const old of [...this.#recent.keys()].slice(0, 5_000)) this.#recent.delete(old)
  }

  #sign(): void {
    const { identity, now } = this.#deps
    const next = { log: identity.log, size: this.#tree.size, root: this.#tree.root(), epoch: identity.epoch, time: now().toISOString() }
    this.#keep(next, signCheckpoint(identity.signer, next))
  }

  /** On the disk before anyone hears of it: after a crash we never sign another root for this size. */
  #keep(checkpoint: Checkpoint, note: string): void {
    this.#deps.folder.write('checkpoint', note)
    this.#last = checkpoint
    this.#note = note
  }

  #wake(id: string): void {
    for (const wake of this.#waiting.get(id) ?? []) wake()
  }
}

const hole = (place: number, { time, size }: Checkpoint): string =>
  `The ledger has no entry at place ${place}; the checkpoint of ${time} saw ${size} entries. A row was deleted.`
const otherRoot = ({ time, size }: Checkpoint): string =>
  `The first ${size} entries of the ledger are not those that the checkpoint of ${time}, signed at another node, saw. Compare both nodes' exports with an outside checkpoint.`

/** A process of ours that was taken over can tag any bytes: what is no entry is named, and stops nobody. */
function entryIn(bytes: Buffer): LedgerEntry | undefined {
  try {
    return entryShape.safeParse(JSON.parse(bytes.toString('utf8'))).data
  } catch {
    return undefined
  }
}
