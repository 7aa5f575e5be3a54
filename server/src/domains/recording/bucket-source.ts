import type { Bucket } from '../../platform/object-store/index.ts'
import type { FileSource } from './file-source.ts'

/** Read at once, since what is asked for are headers and blocks one after the other. */
const stretch = 1024 * 1024

/** An object of the bucket, read by stretches: only one is in memory. */
export function bucketSource(bucket: Bucket, name: string, size: number): FileSource {
  let held: { from: number; bytes: Uint8Array } = { from: 0, bytes: new Uint8Array() }
  return {
    size,
    async read(from, length) {
      const wanted = Math.min(length, Math.max(0, size - from))
      if (from < held.from || from + wanted > held.from + held.bytes.length)
        held = { from, bytes: await bucket.read(name, from, Math.min(Math.max(wanted, stretch), size - from)) }
      return held.bytes.subarray(from - held.from, from - held.from + wanted)
    },
    close: async () => undefined,
  }
}
