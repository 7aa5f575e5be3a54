import { type FileHandle, open } from 'node:fs/promises'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { ByteSource } from '../../protocols/recording/index.ts'
import { byStretches } from './by-stretches.ts'
import type { RecordingError } from './errors.ts'

export interface FileSource extends ByteSource {
  close(): Promise<void>
}

/** The file as it is now: what is appended later is not seen. */
export async function openFile(path: string): Promise<Result<FileSource, RecordingError>> {
  try {
    const file = await open(path, 'r')
    const { size } = await file.stat()
    return ok({
      size,
      read: byStretches(size, (from, length) => readFully(file, from, length)),
      close: () => file.close(),
    })
  } catch (error) {
    return fail({ code: 'recording.unreadable', detail: errorName(error) })
  }
}

async function readFully(file: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, from + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

/** `ENOSPC` and the like: says what happened without the path. */
export const errorName = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error'
