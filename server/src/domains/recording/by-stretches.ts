import type { ByteSource } from '../../protocols/recording/index.ts'

/** Read at once, since what is asked for are headers and blocks one after the other. */
const stretch = 1024 * 1024

/** Reads `size` bytes by stretches, of which one is in memory: a recording of a day has thousands of blocks, and each is asked for twice. */
export function byStretches(size: number, read: (from: number, length: number) => Promise<Uint8Array>): ByteSource['read'] {
  let held: { from: number; bytes: Uint8Array } = { from: 0, bytes: new Uint8Array() }
  return async (from, length) => {
    const wanted = Math.min(length, Math.max(0, size - from))
    let here = held
    if (from < here.from || from + wanted > here.from + here.bytes.length) {
      here = { from, bytes: await read(from, Math.min(Math.max(wanted, stretch), size - from)) }
      held = here
    }
    return here.bytes.subarray(from - here.from, from - here.from + wanted)
  }
}
