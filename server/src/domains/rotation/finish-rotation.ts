import { gatherFor } from '../../kernel/gather.ts'
import type { EntryId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { isAboutOneRow } from '../../platform/db/constraint.ts'
import type { Audit } from '../audit/index.ts'
import { putAllNews } from '../dependents/index.ts'
import type { Rotated } from './deps.ts'
import type { RotationError } from './errors.ts'
import { rotationDone } from './events.ts'
import { markAllWork } from './health.store.ts'
import { type Finished, finishAll } from './rotation.store.ts'

export interface ToFinish extends Finished {
  what: Pick<Rotated, 'account' | 'credential' | 'by'>
  intent: EntryId
  verifiedAt: Date
  oldValidUntil: Date | undefined
}

/** Rows and outcomes of those that come to their end at the same time, in one transaction; answers when the ledger has signed them. */
export const finishRotation = gatherFor<Audit, ToFinish, Result<void, RotationError>>(
  async (audit, all) => {
    const finished = await audit.act<void, RotationError>({ act: 'rotation.finish', by: null }, async ({ tx, recordAll }) => {
      const of = all.map(({ what, version, verifiedAt, at }) => ({
        account: what.account.id,
        credential: what.credential,
        version,
        verifiedAt,
        at,
      }))
      await markAllWork(
        tx,
        of.map(({ verifiedAt, ...one }) => ({ ...one, at: verifiedAt })),
      )
      // what else uses it hears of it from here on, whatever becomes of us: never a reason to take the credential back
      await putAllNews(tx, of)
      await finishAll(tx, all)
      await recordAll(
        all.map(({ id, what: { account, credential, by }, intent, version, verifiedAt, oldRefusedAt, oldValidUntil, removed }) => ({
          event: rotationDone({
            ...{ rotation: id, account: account.id, credential, version, verifiedAt: verifiedAt.toISOString(), removed: [...removed] },
            ...{ oldRefusedAt: oldRefusedAt?.toISOString() ?? null, oldValidUntil: oldValidUntil?.toISOString() ?? null },
          }),
          ...{ phase: 'outcome' as const, intent, by },
        })),
      )
      return ok(undefined)
    })
    return all.map(() => finished)
  },
  { most: 100, key: ({ what }) => `${what.account.id} ${what.credential}`, ofOne: isAboutOneRow },
)
