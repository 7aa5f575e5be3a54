import { Frontier, leafHash } from '../../platform/merkle/merkle.ts'
import type { Attestation, FactKind } from '../facts/fact.ts'
import type { KeeperKeys } from '../keys.ts'
import { RecentRoots } from './recent-roots.ts'

/** The latest revision of an attested row, and SHA-256 of its content, hex. */
export interface Head {
  revision: number
  digest: string
  /** The place in the ledger at which the row was first attested: on every server the same. */
  since: number
}

/** What follows from the entries that were taken over so far, and from nothing else: whoever begins anew puts another in its place, or the old one back. */
export class TakenLog {
  #tree = new Frontier()
  #heads = new Map<string, Head>()
  #ids = new Map<FactKind, string[]>()
  #roots = new RecentRoots()
  readonly #keys: Pick<KeeperKeys, 'isOurs'>

  constructor(keys: Pick<KeeperKeys, 'isOurs'>) {
    this.#keys = keys
  }

  get size(): number {
    return this.#tree.size
  }
  root(): Buffer {
    return this.#tree.root()
  }
  /** A copy to try further entries on. */
  tree(): Frontier {
    return this.#tree.clone()
  }
  /** Of the tree over its first `size` entries; the newest only. */
  rootAt(size: number): Buffer | undefined {
    return size <= this.size ? this.#roots.at(size) : undefined
  }
  head(kind: FactKind, id: string): Head | undefined {
    return this.#heads.get(`${kind}/${id}`)
  }
  idsOf(kind: FactKind): string[] {
    return [...this.#idsOf(kind)]
  }
  #idsOf(kind: FactKind): string[] {
    const ids = this.#ids.get(kind) ?? []
    this.#ids.set(kind, ids)
    return ids
  }

  /** `of`: how many entries are taken over altogether, where many are. */
  append(bytes: Uint8Array, of: number): void {
    const leaf = leafHash(bytes)
    this.#roots.append(this.#tree, leaf, of)
    this.#tree.append(leaf)
  }

  /** Believes an attestation that is ours and newer than what is known. */
  advance(attestation: Attestation): void {
    const key = `${attestation.kind}/${attestation.id}`
    const known = this.#heads.get(key)
    if (!this.#keys.isOurs(attestation) || (known && attestation.revision <= known.revision)) return
    if (!known) this.#idsOf(attestation.kind).push(attestation.id)
    this.#heads.set(key, { revision: attestation.revision, digest: attestation.digest, since: known?.since ?? this.size })
  }
}
