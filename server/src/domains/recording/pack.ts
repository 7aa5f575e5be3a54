import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { type Compression, storedFrame } from '../../protocols/recording/index.ts'

const compress = promisify(zstdCompress)

/** Below this a second look costs more than it saves. */
const worthLooking = 32 * 1024
const looks = 4096

/**
 * What is sealed of a chunk's frames, in parts that may share the frames' memory. What looks random (a copy of archives, of pictures, of what
 * is encrypted) is not compressed: it would cost as much as everything else together, and gain nothing.
 */
export function pack(plain: Uint8Array, compression: Compression): readonly Uint8Array[] | Promise<readonly Uint8Array[]> {
  if (compression === 'none') return [plain]
  return plain.length >= worthLooking && looksRandom(plain) ? storedFrame(plain) : compressed(plain)
}

async function compressed(plain: Uint8Array): Promise<readonly Uint8Array[]> {
  // room for all of it at once, should it not compress: in pieces of the usual 16 KiB it takes several times as long
  const chunkSize = Math.max(64, plain.length + Math.ceil(plain.length / 128) + 512)
  return [await compress(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 }, pledgedSrcSize: plain.length, chunkSize })]
}

/** How often each value comes among bytes picked all over; text is uneven by far, what was compressed before is not. */
function looksRandom(bytes: Uint8Array): boolean {
  const counts = new Uint16Array(256)
  // an odd step does not fall in with the rows of a table
  const step = Math.floor(bytes.length / looks) | 1
  let seen = 0
  for (let at = 0; at < bytes.length; at += step, seen++) (counts[bytes[at] as number] as number)++
  let squares = 0
  for (const count of counts) squares += count * count
  const ofRandom = seen + (seen * seen) / 256
  return squares < ofRandom * 1.15
}
