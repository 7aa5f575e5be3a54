import type { ImportId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import { putOrder } from '../rotation/index.ts'
import type { OnboardingError } from './errors.ts'
import { importOrdered } from './events.ts'
import { importOf, markOrdered, stagedOf } from './onboarding.store.ts'

/** The first rotation of what was imported, at a person's word: from then on only we know it. Observed accounts wait for theirs. */
export async function rotateImported(
  { audit, now }: { audit: Audit; now: () => Date },
  by: PersonId,
  { id, reason }: { id: ImportId; reason: string },
): Promise<Result<{ ordered: number; observed: number }, OnboardingError>> {
  return await audit.act<{ ordered: number; observed: number }, OnboardingError>(
    { act: 'onboarding.rotate_imported', by, about: { import: id } },
    async ({ tx, record }) => {
      if (!(await importOf(tx, id))) return fail({ code: 'onboarding.import_unknown', import: id })
      const staged = await stagedOf(tx, id)
      const ready = staged.filter((s) => !s.observed).map((s) => s.account)
      if (ready.length === 0) return fail({ code: 'onboarding.nothing_staged' })
      const at = now()
      for (const account of ready) await putOrder(tx, { account, trigger: 'take-over', reason, by, at, due: at })
      await markOrdered(tx, id, ready, at)
      await record(importOrdered({ import: id, accounts: ready, reason }))
      return ok({ ordered: ready.length, observed: staged.length - ready.length })
    },
  )
}
