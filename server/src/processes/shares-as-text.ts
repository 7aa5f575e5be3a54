import type { Secret } from '../kernel/secret.ts'
import { custodianFile } from '../platform/crypto/custodian-key.ts'

/** The answer is JSON: here shares become strings, once (docs/security.md). Those that are encrypted to custodians become files of theirs, armored. */
export async function sharesAsText(payload: Secret | undefined, encrypted: boolean): Promise<string[]> {
  const lines = await payload?.use('show-once-to-owner', (bytes) =>
    bytes.length === 0 ? [] : Buffer.from(bytes).toString('utf8').split('\n'),
  )
  return (lines ?? []).map((line) => (encrypted ? custodianFile(Buffer.from(line, 'base64')) : line))
}
