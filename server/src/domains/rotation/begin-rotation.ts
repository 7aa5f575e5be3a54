import { gatherFor } from '../../kernel/gather.ts'
import type { EntryId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import { isAboutOneRow } from '../../platform/db/constraint.ts'
import type { Audit, ToRecord } from '../audit/index.ts'
import type { RotateDeps, Rotated } from './deps.ts'
import type { RotationError } from './errors.ts'
import { rotationBegun, rotationFailed } from './events.ts'
import { insertRotations, openRotations, progress, type RotationRow } from './rotation.store.ts'

interface Begun {
  row: RotationRow
  intent: EntryId
}

/** Rows and intents of those that begin at the same time, in one transaction; answers when the ledger has signed them. */
const begin = gatherFor<Audit, { what: Rotated; at: Date }, Result<Begun, RotationError>>(
  async (audit, all) => {
    const begun = await audit.act<Begun[], RotationError>({ act: 'rotation.begin', by: null }, async ({ tx, recordAll }) => {
      const open = await openRotations(
        tx,
        all.map(({ what }) => what.account.id),
      )
      const rows = all.map(({ what: { account, credential, trigger, reason }, at }): RotationRow & { before?: RotationRow } => {
        const before = open.find((r) => r.account_id === account.id && r.credential === credential)
        if (before) return { ...before, attempt: before.attempt + 1, before }
        const fresh = { id: newId('rot'), account_id: account.id, credential, trigger, reason, started_at: at }
        return { ...fresh, state: 'prepared', attempt: 1, intent: null, version: 0 }
      })
      const entries = all.flatMap(({ what: { account, credential, target, trigger, reason, by } }, at): ToRecord[] => {
        const { id: rotation, before } = rows[at] as (typeof rows)[number]
        const cut = before?.intent && { rotation, account: account.id, credential, step: before.state, code: 'rotation.cut_off' }
        const event = rotationBegun({ rotation, account: account.id, target: target.id, credential, trigger, reason })
        return [
          ...(cut && before.intent ? [{ event: rotationFailed(cut), phase: 'outcome' as const, intent: before.intent, by }] : []),
          { event, phase: 'intent', by },
        ]
      })
      const written = await recordAll(entries)
      const intents = written.filter((_, at) => entries[at]?.phase === 'intent')
      const done = rows.map(({ before: _, ...row }, at): Begun => ({ row, intent: intents[at] as EntryId }))
      for (const [at, { row, intent }] of done.entries())
        if (rows[at]?.before) await progress(tx, row.id, { attempt: row.attempt, state: 'prepared', intent })
      await insertRotations(
        tx,
        done.flatMap(({ row, intent }, at) => (rows[at]?.before ? [] : [{ ...row, intent }])),
      )
      return ok(done)
    })
    return begun.ok ? begun.value.map((one) => ok(one)) : all.map(() => begun)
  },
  { most: 100, key: ({ what }) => `${what.account.id} ${what.credential}`, ofOne: isAboutOneRow },
)

/** The row and the intent, or those of a run that a crash cut off; then the candidate. */
export async function beginRotation({ audit, keeper, now }: RotateDeps, what: Rotated): Promise<Result<Begun, RotationError>> {
  const { account, credential, target } = what
  const begun = await begin(audit, { what, at: now() })
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
