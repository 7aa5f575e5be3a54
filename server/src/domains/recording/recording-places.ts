import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { RecordingError } from './errors.ts'
import { errorName, type FileSource, openFile } from './file-source.ts'

/** Where recordings lie. What a recording is called there is made of its id alone: a row that names another file leads nowhere. */
export interface RecordingPlaces {
  /** This server's folder, in which a recording is written. */
  recordings: string
}

export const fileOf = ({ recordings }: RecordingPlaces, recording: string): string => join(recordings, `${named(recording)}.clvr`)

/** The sealed bytes of a recording, from wherever they lie; undefined when they lie nowhere that this server can see. */
export async function openStored(places: RecordingPlaces, recording: string): Promise<Result<FileSource | undefined, RecordingError>> {
  const file = await openFile(fileOf(places, recording))
  return !file.ok && file.error.code === 'recording.unreadable' && file.error.detail === 'ENOENT' ? ok(undefined) : file
}

/**
 * Takes a recording's bytes away wherever they lie, and says how many those were; 0 when nothing is left, so that it may be asked again
 * after a crash. Only for what nobody writes any more, and only in the gateway's process: no other one may write in the folder.
 */
export async function removeRecording(places: RecordingPlaces, recording: string): Promise<Result<{ bytes: number }, RecordingError>> {
  const file = fileOf(places, recording)
  try {
    const bytes = (await stat(file).catch(absent))?.size ?? 0
    await rm(file, { force: true })
    return ok({ bytes })
  } catch (error) {
    return fail({ code: 'recording.not_removed', detail: errorName(error) })
  }
}

function absent(error: unknown): undefined {
  if (errorName(error) !== 'ENOENT') throw error
}

/** An id becomes part of a path: nothing else may. */
function named(recording: string): string {
  if (!/^rec_[a-z0-9]{1,40}$/.test(recording)) throw new RangeError('no id of a recording')
  return recording
}
