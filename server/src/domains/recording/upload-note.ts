import { open, readFile, rename, rm } from 'node:fs/promises'
import { z } from 'zod'
import { canonical } from '../../kernel/canonical.ts'

/** What of a recording the bucket has already, in parts that are no object yet. Beside the recording, so that a kill loses no part. */
const note = z.strictObject({
  upload: z.string().min(1).max(2000),
  partBytes: z.int().positive(),
  parts: z.array(z.strictObject({ etag: z.string().max(200), sha256: z.string().max(64) })).max(10_000),
})
export type UploadNote = z.output<typeof note>

export const noteOf = (file: string): string => `${file}.upload`

/** Undefined: none, or one that makes no sense; then everything is sent anew. */
export async function readNote(file: string): Promise<UploadNote | undefined> {
  try {
    return note.parse(JSON.parse(await readFile(noteOf(file), 'utf8')))
  } catch {
    return undefined
  }
}

export async function writeNote(file: string, text: UploadNote): Promise<void> {
  const fresh = `${noteOf(file)}.new`
  const handle = await open(fresh, 'w', 0o640)
  try {
    await handle.writeFile(canonical(text))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, noteOf(file))
}

export const dropNote = async (file: string): Promise<void> => await rm(noteOf(file), { force: true })
