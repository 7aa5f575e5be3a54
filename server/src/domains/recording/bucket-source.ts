import type { Bucket } from '../../platform/object-store/index.ts'
import { byStretches } from './by-stretches.ts'
import type { FileSource } from './file-source.ts'

/** An object of the bucket. */
export const bucketSource = (bucket: Bucket, name: string, size: number): FileSource => ({
  size,
  read: byStretches(size, (from, length) => bucket.read(name, from, length)),
  close: async () => undefined,
})
