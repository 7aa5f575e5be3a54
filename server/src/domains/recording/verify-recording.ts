import { ok, type Result } from '../../kernel/result.ts'
import { checkChain, type Expected, type Head, type Manifest, type Verdict } from '../../protocols/recording/index.ts'
import type { RecordingError } from './errors.ts'
import { type FileSource, openFile } from './file-source.ts'
import { openStored, type RecordingPlaces } from './recording-places.ts'

/**
 * Checks a recording's file without any key: whole or not, altered or not and where first, vouched for or not. `manifest` is the
 * signed one, with its signature checked by the caller; `heads` are the ledger's entries about it, in any order.
 */
export async function verifyRecording(
  path: string,
  manifest?: Manifest,
  heads?: readonly Head[],
): Promise<Result<Verdict, RecordingError>> {
  const source = await openFile(path)
  return source.ok ? ok(await verifySource(source.value, { manifest, heads })) : source
}

/** The same of what is stored, with nothing to vouch for it; undefined where this server cannot see it. */
export async function verifyStored(places: RecordingPlaces, recording: string): Promise<Result<Verdict | undefined, RecordingError>> {
  const stored = await openStored(places, recording)
  if (!stored.ok) return stored
  return ok(stored.value && (await verifySource(stored.value, {})))
}

async function verifySource(source: FileSource, expected: Expected): Promise<Verdict> {
  try {
    return await checkChain(source, expected)
  } finally {
    await source.close()
  }
}
