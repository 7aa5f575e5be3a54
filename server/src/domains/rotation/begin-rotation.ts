import type { EntryId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { RotateDeps, Rotated } from './deps.ts'
import type { RotationError } from './errors.ts'
import { rotationBegun, rotationFailed } from './events.ts'
import { insertRotation, openRotation, progress, type RotationRow } from './rotation.store.ts'

/** The row and the intent, or those of a run that a crash cut off; then the candidate. */
export async function beginRotation(
  { audit, keeper, now }: RotateDeps,
  what: Rotated,
): Promise<Result<{ row: RotationRow; intent: EntryId }, RotationError>> {
  const { account, credential, trigger, reason, by, target } = what
  const begun = await audit.act<{ row: RotationRow; intent: EntryId }, RotationError>(
    { act: 'rotation.begin', by, about: { account: account.id } },
    async ({ tx, record }) => {
      const open = await openRotation(tx, account.id, credential)
      const row: RotationRow = open
        ? { ...open, attempt: open.attempt + 1 }
        : {
            id: newId('rot'),
            account_id: account.id,
            credential,
            trigger,
            state: 'prepared',
            attempt: 1,
            intent: null,
            version: 0,
            reason,
            started_at: now(),
          }
      if (open?.intent) {
        const cutOff = rotationFailed({ rotation: row.id, account: account.id, credential, step: open.state, code: 'rotation.cut_off' })
        await record(cutOff, [], { phase: 'outcome', intent: open.intent })
      }
      const intent = await record(
        rotationBegun({ rotation: row.id, account: account.id, target: target.id, credential, trigger, reason }),
        [],
        { phase: 'intent' },
      )
      if (open) await progress(tx, row.id, { attempt: row.attempt, state: 'prepared', intent })
      else await insertRotation(tx, { ...row, intent })
      return ok({ row, intent })
    },
  )
  if (!begun.ok) return begun
  const limits = target.open.passwordRules
  const prepared = await keeper.ask('prepareRotation', {
    rotation: begun.value.row.id,
    account: account.id,
    credential,
    ...(limits && { limits }),
  })
  return prepared.ok ? ok({ ...begun.value, row: { ...begun.value.row, version: prepared.value.version } }) : prepared
}
