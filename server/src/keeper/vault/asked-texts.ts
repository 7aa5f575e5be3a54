import { z } from 'zod'
import { canonical, type Plain } from '../../kernel/canonical.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { deriveKey } from '../../platform/crypto/hash.ts'
import { open, seal } from '../../platform/crypto/sealed.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import { type AskedText, askDigest } from '../facts/session-ask.ts'
import { refuse } from '../refuse.ts'
import { dataKey } from './recording-keys.ts'
import type { Vault } from './vault.ts'

/*
 * What is asked in sessions, as the database keeps it: sealed under a key that is made from the key of the session's recording, and bound to its ask.
 * It is destroyed with the recording, by nothing of its own.
 */

const place = (recording: string, ask: string) => ({ purpose: 'asked act', location: recording, id: ask, version: 1 })
const content = z.strictObject({ act: z.record(z.string(), z.json()), salt: z.string().regex(/^[0-9a-f]{64}$/) })

/** The caller wipes it. */
export async function askKey(vault: Vault, recording: string): Promise<Result<Buffer, KeeperRefusal>> {
  const opened = await vault.openState(dataKey(recording), 'current')
  if (!opened.ok) return opened
  return ok(await opened.value.secret.use('seal', (key) => deriveKey(key, `claviger recording 1 asked ${recording}`)))
}

export const sealAskedText = (key: Uint8Array, recording: string, ask: string, text: AskedText): Buffer =>
  seal(key, 'data-key', place(recording, ask), Buffer.from(canonical({ ...text }), 'utf8'))

/** A text that is what the digest of its row says, or a refusal: of another ask, another recording, or changed. */
export function openAskedText(key: Uint8Array, recording: string, ask: FactContent): Result<AskedText, KeeperRefusal> {
  const id = String(ask.id)
  const opened = open(key, place(recording, id), Buffer.from(String(ask.sealed ?? ''), 'hex'))
  const text = opened.ok ? parsed(opened.value) : undefined
  if (!text || text.act.action !== ask.action || askDigest(ask as never, text) !== ask.digest)
    return refuse('session.ask_altered', 'What is asked is not what its digest says: it was changed or moved. Do it again.', { id })
  return ok(text)
}

function parsed(bytes: Buffer): AskedText | undefined {
  try {
    const read = content.safeParse(JSON.parse(bytes.toString('utf8')))
    return read.success ? { act: read.data.act as Record<string, Plain>, salt: read.data.salt } : undefined
  } catch {
    return undefined
  } finally {
    bytes.fill(0)
  }
}
