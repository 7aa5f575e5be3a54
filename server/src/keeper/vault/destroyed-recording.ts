import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import { destructionOfRecording } from '../facts/retention.ts'
import type { Notary } from '../ledger/notary.ts'

/** When a recording was destroyed, as attested; undefined where it was not. */
export type DestroyedRecording = (recording: string) => Promise<Result<string | undefined, KeeperRefusal>>

export function createDestroyedRecording(context: () => { facts: FactReader; notary: Notary }): DestroyedRecording {
  return async (recording) => {
    const { facts, notary } = context()
    const id = destructionOfRecording(recording)
    if (!notary.head('recording_destruction', id)) return ok(undefined)
    const row = await facts.read('recording_destruction', id)
    if (!row.ok) return row
    return ok(row.value.content.state === 'ordered' ? String(row.value.content.at) : undefined)
  }
}
