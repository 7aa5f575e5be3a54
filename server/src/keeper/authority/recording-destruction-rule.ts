import { ok } from '../../kernel/result.ts'
import { judgeRetention, keepingOf } from '../decide/retention.ts'
import { destructionOfRecording, isDue } from '../facts/retention.ts'
import { refuse } from '../refuse.ts'
import { hasRecordingKeys } from '../vault/recording-keys.store.ts'
import { no, onlyChanges, type Rule } from './rule.ts'

/**
 * That a recording is destroyed: by the server alone, when the longest class that is for it is over by attested rows and nothing holds it. Withdrawn
 * only for a hold that was placed before its keys were gone.
 */
export const recordingDestruction: Rule = async (c) => {
  const { after, before, actor, role, context } = c
  if (role !== 'api' || actor.by !== 'system') return no('Recordings are destroyed when their period is over, by the server.', 'Wait.')
  const keeping = await keepingOf(context)
  if (!keeping.ok) return keeping
  const judged = await judgeRetention(context, String(after.session_id), keeping.value)
  if (!judged.ok) return judged
  const { kept, recording } = judged.value
  if (after.recording_id !== recording || after.id !== destructionOfRecording(recording))
    return no('A recording has one row that says it is destroyed.', 'Look again.')
  if (after.state === 'withdrawn')
    return before?.state === 'ordered' &&
      onlyChanges(c, 'state') &&
      kept.holds.length > 0 &&
      (await hasRecordingKeys(context.pool, recording))
      ? ok(undefined)
      : no('What is destroyed stays so.', 'Look again.')
  if (after.state !== 'ordered' || before?.state === 'ordered') return no('It was ordered before.', 'Look again.')
  if (kept.holds.length > 0) return refuse('recording.held', `This recording is under legal hold (${kept.holds[0]}). Nothing destroys it.`)
  if (!isDue(kept, context.now()))
    return refuse(
      'recording.kept',
      `The class ${kept.by?.name ?? '(none)'} keeps this recording ${kept.until ? `until ${kept.until.toISOString()}` : 'without a date'}.`,
    )
  return after.class === kept.by?.id && new Date(String(after.kept_until)).getTime() === kept.until?.getTime()
    ? ok(undefined)
    : no('Another class kept it, or until another day.', 'Look again.')
}
