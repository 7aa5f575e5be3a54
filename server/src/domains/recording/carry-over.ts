import { rm } from 'node:fs/promises'
import { sha256OfParts } from '../../platform/crypto/hash.ts'
import { type Bucket, BucketError } from '../../platform/object-store/index.ts'
import { type FileSource, openFile } from './file-source.ts'
import { fileOf, objectOf, type RecordingPlaces } from './recording-places.ts'
import { dropNote, readNote, type UploadNote, writeNote } from './upload-note.ts'

/** A recording of 10,000 parts, which is the most that stores take, has 156 GiB. */
const usualPart = 16 * 1024 * 1024

export interface Carried {
  recording: string
  bytes: number
  /** Of all of them, hex. */
  sha256: string
}

export interface CarryDeps extends RecordingPlaces {
  bucket: Bucket
  /** Says for good that the bucket has it. The file is removed only afterwards; may be said again after a crash. */
  stored(carried: Carried): Promise<void>
  partBytes?: number | undefined
}

/**
 * Takes a recording to the bucket as far as it is there: whole parts while it is written, and when it is over the rest. Then what the bucket has is read
 * back and compared with the file, byte by byte, and only then the file goes. May be called again after a crash at any point; not twice at a time.
 * Answers how many bytes the bucket has.
 */
export async function carryOver(deps: CarryDeps, recording: string, over: boolean): Promise<number> {
  const { bucket } = deps
  const path = fileOf(deps, recording)
  const source = await openFile(path)
  if (!source.ok) {
    if (source.error.code === 'recording.unreadable' && source.error.detail === 'ENOENT') return 0
    throw new Error(`recording ${recording} cannot be read`)
  }
  const file = source.value
  try {
    if (!over) return await sendParts(deps, recording, file, false)
    let sha256 = await compare(bucket, objectOf(recording), file)
    if (sha256 === undefined) {
      await sendAll(deps, recording, file)
      sha256 = await compare(bucket, objectOf(recording), file)
    }
    if (sha256 === undefined) {
      await dropNote(path)
      throw new BucketError('refused', 'what the bucket gives back is not what was sent')
    }
    await deps.stored({ recording, bytes: file.size, sha256 })
  } finally {
    await file.close()
  }
  await dropNote(path)
  await rm(path, { force: true })
  return file.size
}

async function sendAll(deps: CarryDeps, recording: string, file: FileSource): Promise<void> {
  const { bucket, partBytes = usualPart } = deps
  const path = fileOf(deps, recording)
  if (file.size <= partBytes && !(await readNote(path))) return await bucket.put(objectOf(recording), await file.read(0, file.size))
  try {
    await sendParts(deps, recording, file, true)
    const note = await readNote(path)
    await bucket.complete(objectOf(recording), note?.upload ?? '', note?.parts ?? [])
  } catch (error) {
    // The store answered no: it forgot the upload, or had completed it when we were killed. What it has now was compared, and is not what we have.
    if (error instanceof BucketError && error.status !== 0 && error.fault !== 'denied') await dropNote(path)
    throw error
  }
}

/** Sends what is not there yet; the last part, which may be short, only of a recording that is over. */
async function sendParts(deps: CarryDeps, recording: string, file: FileSource, over: boolean): Promise<number> {
  const { bucket, partBytes = usualPart } = deps
  const [name, path] = [objectOf(recording), fileOf(deps, recording)]
  let note: UploadNote | undefined = await readNote(path)
  const sent = () => (note ? Math.min(note.parts.length * note.partBytes, file.size) : 0)
  for (;;) {
    const from = sent()
    const length = Math.min(note?.partBytes ?? partBytes, file.size - from)
    if (length === 0 || (!over && length < (note?.partBytes ?? partBytes))) return from
    note ??= { upload: await bucket.begin(name), partBytes, parts: [] }
    const part = await bucket.part(name, note.upload, note.parts.length + 1, await file.read(from, length))
    note = { ...note, parts: [...note.parts, part] }
    await writeNote(path, note)
  }
}

const stretch = 4 * 1024 * 1024

/** SHA-256 of both where the object is the file, byte by byte; undefined where there is none, or another. */
async function compare(bucket: Bucket, name: string, file: FileSource): Promise<string | undefined> {
  if ((await bucket.size(name)) !== file.size) return undefined
  const sum = sha256OfParts()
  for (let at = 0; at < file.size; at += stretch) {
    const [here, there] = await Promise.all([file.read(at, stretch), bucket.read(name, at, stretch)])
    if (!Buffer.from(here).equals(there)) return undefined
    sum.update(here)
  }
  return sum.hex()
}
