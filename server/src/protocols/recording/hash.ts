import { createHash, hash } from 'node:crypto'

/** The link of the chain: SHA-256 over all bytes of a block, which may come in parts. */
export function blockHash(...block: readonly Uint8Array[]): Buffer {
  const [whole, ...more] = block
  if (whole && more.length === 0) return hash('sha256', whole, 'buffer')
  const running = createHash('sha256')
  for (const part of block) running.update(part)
  return running.digest()
}

/** The same of parts that come at different times. */
export const blockHashOfParts = (): { update(part: Uint8Array): unknown; digest(): Buffer } => createHash('sha256')
