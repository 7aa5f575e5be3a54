import { explain } from '../../kernel/errors.ts'
import { type RecordingError, recordingErrorFaces, type Verdict } from '../recording/index.ts'

/** What checking the sealed file said, in words; known once its frames were read to the end. */
export function showVerdict({ verdict }: { verdict: Verdict | undefined }) {
  const finding = verdict?.finding
  const interrupted = verdict?.state !== 'intact'
  const message = finding
    ? explain(recordingErrorFaces, finding as RecordingError).body.message
    : interrupted
      ? 'Every chunk verifies up to the last one; the recording was interrupted or still runs.'
      : 'Every chunk verifies, up to the signed end.'
  return { ok: finding === undefined, chunks: verdict?.chunks ?? 0, head: verdict?.head ?? '', interrupted, message }
}
