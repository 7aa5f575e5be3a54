import { ok, type Result } from '../../kernel/result.ts'
import { checkChain, type Head, type Manifest, type Verdict } from '../../protocols/recording/index.ts'
import type { RecordingError } from './errors.ts'
import { openFile } from './file-source.ts'

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
  if (!source.ok) return source
  try {
    return ok(await checkChain(source.value, { manifest, heads }))
  } finally {
    await source.value.close()
  }
}
