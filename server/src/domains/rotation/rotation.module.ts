import type { AccountId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import { recoverCandidates } from './recover-candidates.ts'
import { type RotateAccountDeps, rotateAccount } from './rotate-account.ts'
import { grantWasUsed } from './rotation.store.ts'
import { takeUpCutOff } from './take-up-cut-off.ts'

export const rotationQueue = 'rotate-account'

/** Check-in: whoever used a credential has had it in hand, so it is replaced. Enqueued in the transaction that ends the grant. */
export async function rotateAfterGrant(jobs: Jobs, tx: Tx, grant: { id: string; account_id: string }): Promise<void> {
  if (await grantWasUsed(tx, grant.id)) await jobs.enqueue(tx, rotationQueue, { account: grant.account_id, trigger: 'check-in' })
}

/** Works off rotations, and first those that a crash left open, here or on another server. */
export async function startRotations(deps: RotateAccountDeps & { jobs: Jobs; log: (line: string) => void }): Promise<{ stop(): void }> {
  const { jobs, log } = deps
  await jobs.work(rotationQueue, async ({ account, trigger }) => {
    const reason = trigger === 'recovery' ? 'a rotation did not come to its end' : 'a grant ended'
    const rotated = await rotateAccount(deps, {
      account: account as AccountId,
      trigger: trigger === 'recovery' ? 'recovery' : 'check-in',
      reason,
      by: null,
    })
    if (!rotated.ok) {
      log(`${account} could not be rotated: ${rotated.error.code}`)
      throw new Error(rotated.error.code)
    }
  })
  await recoverCandidates(deps, rotationQueue)
  return takeUpCutOff(deps, rotationQueue)
}
