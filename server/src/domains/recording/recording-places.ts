import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type Bucket, BucketError } from '../../platform/object-store/index.ts'
import { bucketSource } from './bucket-source.ts'
import type { RecordingError } from './errors.ts'
import { errorName, type FileSource, openFile } from './file-source.ts'
import { dropNote, readNote } from './upload-note.ts'

/** Where recordings lie. What a recording is called there is made of its id alone: a row that names another file leads nowhere. */
export interface RecordingPlaces {
  /** This server's folder, in which a recording is written. */
  recordings: string
  /** Where each is taken when it is over, if an operator set one. */
  bucket?: Bucket | undefined
}

export const fileOf = ({ recordings }: RecordingPlaces, recording: string): string => join(recordings, `${named(recording)}.clvr`)

/** What it is called in the bucket. */
export const objectOf = (recording: string): string => `${named(recording)}.clvr`

/** The sealed bytes of a recording, from wherever they lie; undefined when they lie nowhere that this server can see. */
export async function openStored(places: RecordingPlaces, recording: string): Promise<Result<FileSource | undefined, RecordingError>> {
  const file = await openFile(fileOf(places, recording))
  if (file.ok || file.error.code !== 'recording.unreadable' || file.error.detail !== 'ENOENT') return file
  const { bucket } = places
  if (!bucket) return ok(undefined)
  try {
    const size = await bucket.size(objectOf(recording))
    return ok(size === undefined ? undefined : bucketSource(bucket, objectOf(recording), size))
  } catch (error) {
    return fail({ code: 'recording.bucket', detail: said(error) })
  }
}

/**
 * Takes a recording's bytes away wherever they lie, and says how many those were; 0 when nothing is left, so that it may be asked again
 * after a crash. Only for what nobody writes any more, and only in the gateway's process: no other one may write in the folder.
 */
export async function removeRecording(places: RecordingPlaces, recording: string): Promise<Result<{ bytes: number }, RecordingError>> {
  const file = fileOf(places, recording)
  try {
    const there = await removeFromBucket(places, recording)
    const here = (await stat(file).catch(absent))?.size ?? 0
    await dropNote(file)
    await rm(file, { force: true })
    return ok({ bytes: Math.max(here, there) })
  } catch (error) {
    return fail({ code: 'recording.not_removed', detail: said(error) })
  }
}

async function removeFromBucket(places: RecordingPlaces, recording: string): Promise<number> {
  const { bucket } = places
  if (!bucket) return 0
  const note = await readNote(fileOf(places, recording))
  if (note) await bucket.abandon(objectOf(recording), note.upload)
  const size = await bucket.size(objectOf(recording))
  if (size !== undefined) await bucket.remove(objectOf(recording))
  return size ?? 0
}

const said = (error: unknown): string => (error instanceof BucketError ? error.message : errorName(error))

function absent(error: unknown): undefined {
  if (errorName(error) !== 'ENOENT') throw error
}

/** An id becomes part of a path: nothing else may. */
function named(recording: string): string {
  if (!/^rec_[a-z0-9]{1,40}$/.test(recording)) throw new RangeError('no id of a recording')
  return recording
}
