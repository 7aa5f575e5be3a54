import { openStored } from '../../recording/index.ts'
import { expectedOf } from '../expected-recording.ts'
import type { ReplayDeps } from '../view-recording.ts'
import type { ToCheck } from './check-whole.ts'

/**
 * The bytes of a recording, as far as an outline goes where nobody ended it, and what they must be: what the ledger says, and what was read with its key when the
 * outline was made of it.
 */
export async function toCheck(
  deps: ReplayDeps,
  recording: string,
  { chunks, head }: { chunks: number; head: string },
): Promise<ToCheck | undefined> {
  const expected = await expectedOf(deps, recording)
  if (!expected.ok) return undefined
  const stored = await openStored(deps, recording)
  if (!stored.ok || !stored.value) return undefined
  const { manifest, heads = [] } = expected.value
  // a signed end says more, and names better what is not as it was
  const known = manifest?.complete ? heads : [...heads, { chunks, head }]
  return { source: stored.value, expected: { ...(manifest && { manifest }), heads: known } }
}
