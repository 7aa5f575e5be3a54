import { sha256 } from '../crypto/hash.ts'

/*
 * The Merkle tree of RFC 6962 section 2.1: leaf = SHA-256(0x00 ‖ bytes), node = SHA-256(0x01 ‖ left ‖ right).
 * A frontier is what is needed to go on appending: the roots of the perfect subtrees of the tree so far, largest first.
 */

const leafPrefix = Buffer.from([0])
const nodePrefix = Buffer.from([1])

export const leafHash = (bytes: Uint8Array): Buffer => sha256(Buffer.concat([leafPrefix, bytes]))
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.concat([nodePrefix, left, right]))

export const emptyRoot: Buffer = sha256('')

export class Frontier {
  #size = 0
  #subtrees: { height: number; hash: Buffer }[] = []

  get size(): number {
    return this.#size
  }

  append(leaf: Buffer): void {
    let top = { height: 0, hash: leaf }
    for (let left = this.#subtrees.at(-1); left?.height === top.height; left = this.#subtrees.at(-1)) {
      this.#subtrees.pop()
      top = { height: top.height + 1, hash: nodeHash(left.hash, top.hash) }
    }
    this.#subtrees.push(top)
    this.#size += 1
  }

  root(): Buffer {
    if (this.#size === 0) return emptyRoot
    return this.#subtrees.map((s) => s.hash).reduceRight((right, left) => nodeHash(left, right))
  }

  clone(): Frontier {
    const copy = new Frontier()
    copy.#size = this.#size
    copy.#subtrees = [...this.#subtrees]
    return copy
  }
}
