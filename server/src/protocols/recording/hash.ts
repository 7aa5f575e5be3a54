import { hash } from 'node:crypto'

/** The link of the chain: SHA-256 over all bytes of a block. */
export const blockHash = (block: Uint8Array): Buffer => hash('sha256', block, 'buffer')
