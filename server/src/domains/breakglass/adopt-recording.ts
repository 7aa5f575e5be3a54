import type { Keeper } from '../../keeper/client.ts'
import type { AccountId, KitId, KitRecordingId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import type { BreakglassError } from './errors.ts'
import { kitOpened, recordingAdopted } from './events.ts'
import { openRecorded, type RecordedFrame, type RecordedHead, readHead } from './recorded.ts'
import { hasRecording, insertRecording, kitExists } from './recording.store.ts'
import type { OrderRotation } from './settle-key.ts'

export interface AdoptDeps {
  audit: Audit
  keeper: Keeper
  now: () => Date
  orderRotation: OrderRotation
}

/**
 * Takes back what was recorded under an opened kit: every piece is opened and seen to follow the one before. Whoever had the kit knows the credential,
 * so the account is rotated in the same act, and that the kit was opened is an alarm, in case no road told of it.
 */
export async function adoptRecording(
  { audit, keeper, now, orderRotation }: AdoptDeps,
  by: PersonId,
  text: string,
): Promise<Result<{ id: KitRecordingId; whole: boolean; pieces: number }, BreakglassError>> {
  const opened = await openText(keeper, text)
  if (!opened.ok) return opened
  const { head, frames, whole } = opened.value
  const digest = sha256(text).toString('hex')
  const about = { account: head.account.id }
  return await audit.act({ act: 'breakglass.adopt_recording', by, about }, async ({ tx, record }) => {
    if (!(await kitExists(tx, head.kit, head.account.id))) return fail<BreakglassError>({ code: 'breakglass.kit_unknown', kit: head.kit })
    if (await hasRecording(tx, digest)) return fail<BreakglassError>({ code: 'breakglass.adopted_already' })
    const account = head.account.id as AccountId
    const row = {
      id: newId('bgr'),
      kit_id: head.kit as KitId,
      account_id: account,
      custodians: [...head.custodians],
      whole,
      pieces: frames.length,
    }
    await insertRecording(tx, {
      ...row,
      started_at: new Date(head.startedAt),
      adopted_at: now(),
      adopted_by: by,
      sha256: digest,
      lines: text,
    })
    const said = { recording: row.id, kit: head.kit, account, custodians: row.custodians, whole, pieces: row.pieces, file: digest }
    await record(recordingAdopted({ ...said, startedAt: head.startedAt, told: head.announced.some((one) => one.ok) }))
    await record(kitOpened({ kit: head.kit, account, custodians: row.custodians, startedAt: head.startedAt, tells: ['security'] }), [], {
      phase: 'alarm',
    })
    await orderRotation(tx, account, by, 'its kit was opened')
    return ok({ id: row.id, whole, pieces: row.pieces })
  })
}

/** Opens a recording with the kit's own key, which the vault has. */
export async function openText(
  keeper: Keeper,
  text: string,
): Promise<Result<{ head: RecordedHead; frames: RecordedFrame[]; whole: boolean }, BreakglassError>> {
  const lines = text.split('\n').filter((line) => line !== '')
  const head = readHead(lines)
  if (!head) return fail({ code: 'breakglass.recording_malformed' })
  const key = await keeper.ask('openKitRecording', { kit: head.kit, sealed: head.key })
  if (!key.ok) return key
  const read = await key.value.payload?.use('recognise', (bytes) => openRecorded(lines, bytes))
  if (!read?.ok) return fail({ code: 'breakglass.recording_broken', line: read?.error.line ?? 1 })
  return ok({ head, ...read.value })
}
