import { ok } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import { judgeRetention, keepingOf } from '../decide/retention.ts'
import type { FactKind } from '../facts/fact.ts'
import { destructionOfRecording } from '../facts/retention.ts'
import { refuse } from '../refuse.ts'
import { destroyRecordingKeys as destroyKeys, hasRecordingKeys } from '../vault/recording-keys.store.ts'
import type { Handler } from './handler.ts'

/** For looking at: a row that is not what was attested is shown as such, where destroying would be refused because of it. */
async function looked(context: KeeperContext, kind: FactKind) {
  const ids = context.notary.idsOf(kind)
  const all = await context.facts.readAll(kind, ids)
  if (all.ok) return all.value.map((row, i) => ({ id: ids[i] as string, content: row.content as Record<string, never>, forged: null }))
  const rows = []
  for (const id of ids) {
    const row = await context.facts.read(kind, id)
    rows.push(
      row.ok ? { id, content: row.value.content as Record<string, never>, forged: null } : { id, content: {}, forged: row.error.message },
    )
  }
  return rows
}

export const retention: Handler<'retention'> = async ({ context }) =>
  ok({
    classes: await looked(context, 'retention_class'),
    holds: await looked(context, 'legal_hold'),
    anchors: await looked(context, 'retention_anchor'),
  })

export const recordingKept: Handler<'recordingKept'> = async ({ context, args }) => {
  const keeping = await keepingOf(context)
  if (!keeping.ok) return keeping
  const judged = await judgeRetention(context, args.session, keeping.value)
  if (!judged.ok) return judged
  const { by, until, holds } = judged.value.kept
  return ok({ class: by?.id ?? null, until: until?.toISOString() ?? null, holds: [...holds] })
}

export const destroyRecordingKeys: Handler<'destroyRecordingKeys'> = async ({ context, args }) => {
  const row = await context.facts.read('recording_destruction', destructionOfRecording(args.recording))
  if (!row.ok) return row
  const { content } = row.value
  if (content.state !== 'ordered' || content.recording_id !== args.recording)
    return refuse('recording.kept', 'Nobody ordered that this recording is destroyed.')
  if (!(await hasRecordingKeys(context.pool, args.recording))) return ok({ keys: 0 })
  // a hold that was placed since beats what was ordered
  const keeping = await keepingOf(context)
  if (!keeping.ok) return keeping
  const judged = await judgeRetention(context, String(content.session_id), keeping.value)
  if (!judged.ok) return judged
  const [hold] = judged.value.kept.holds
  if (hold) return refuse('recording.held', `This recording is under legal hold (${hold}). Nothing destroys it.`)
  return ok({ keys: await destroyKeys(context.pool, args.recording) })
}
