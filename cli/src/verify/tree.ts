import { createHash } from 'node:crypto'

// The Merkle tree of RFC 6962 section 2.1. Nothing in this folder needs more than Node, and none of it talks to a server.

export const sha256 = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const leafPrefix = Buffer.of(0)
const nodePrefix = Buffer.of(1)

/** leaf = SHA-256(0x00 ‖ bytes) */
export const leafHash = (bytes: Uint8Array): Buffer => sha256(leafPrefix, bytes)

/** A tree that is only ever appended to: what it keeps are the roots of its perfect subtrees, largest first. */
export class GrowingTree {
  #subtrees: { height: number; hash: Buffer }[] = []
  size = 0

  append(leaf: Buffer): void {
    let top = { height: 0, hash: leaf }
    for (let left = this.#subtrees.at(-1); left?.height === top.height; left = this.#subtrees.at(-1)) {
      this.#subtrees.pop()
      // node = SHA-256(0x01 ‖ left ‖ right)
      top = { height: top.height + 1, hash: sha256(nodePrefix, left.hash, top.hash) }
    }
    this.#subtrees.push(top)
    this.size += 1
  }

  root(): Buffer {
    const [smallest, ...larger] = this.#subtrees.map((subtree) => subtree.hash).reverse()
    return larger.reduce((right, left) => sha256(nodePrefix, left, right), smallest ?? sha256())
  }
}
