import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import { lockAccount } from '../inventory/index.ts'
import { setMaxAge } from './care.store.ts'
import type { RotationError } from './errors.ts'
import { planChanged } from './events.ts'
import { refuseBroughtIn } from './refuse-brought-in.ts'

/** After which age an account's credentials are replaced. Bounded here and in the database: nobody puts it off for ever. */
export async function changePlan(
  { audit, now }: { audit: Audit; now: () => Date },
  { account, maxAgeSeconds, by }: { account: AccountId; maxAgeSeconds: number | null; by: PersonId },
): Promise<Result<void, RotationError>> {
  return await audit.act<void, RotationError>({ act: 'rotation.plan', by, about: { account } }, async ({ tx, record }) => {
    const row = await lockAccount(tx, account)
    if (!row) return fail({ code: 'rotation.account_unknown', account })
    // an age after which nothing happens would be believed; to take one away is always right
    const ours = maxAgeSeconds === null ? ok(undefined) : await refuseBroughtIn(tx, row)
    if (!ours.ok) return ours
    await setMaxAge(tx, account, now(), maxAgeSeconds)
    await record(planChanged({ account, maxAgeSeconds }))
    return ok(undefined)
  })
}
