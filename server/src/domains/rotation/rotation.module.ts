import type { AccountId } from '../../kernel/id.ts'
import { within } from '../../kernel/within.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import { whenNoneRuns } from './in-turn.ts'
import { recoverCandidates } from './recover-candidates.ts'
import { type RotateAccountDeps, rotateAccount } from './rotate-account.ts'
import { grantWasUsed } from './rotation.store.ts'
import { takeUpCutOff } from './take-up-cut-off.ts'

export const rotationQueue = 'rotate-account'

/** Check-in: whoever used a credential has had it in hand, so it is replaced. Enqueued in the transaction that ends the grant. */
export async function rotateAfterGrant(jobs: Jobs, tx: Tx, grant: { id: string; account_id: string }): Promise<void> {
  if (await grantWasUsed(tx, grant.id)) await jobs.enqueue(tx, rotationQueue, { account: grant.account_id, trigger: 'check-in' })
}

/** What runs when the seal closes may come to its end, so that nothing stays half changed on a target; but sealing does not wait for a slow one. */
const lastRunMs = 8_000

/**
 * Works off rotations, and first those that a crash or the seal left open, here or on another server. `stop` when the seal closes: those that
 * wait stay in their queue, not failed and not tried, until this is started again.
 */
export async function startRotations(
  deps: RotateAccountDeps & { jobs: Jobs; log: (line: string) => void },
): Promise<{ stop(): Promise<void> }> {
  const { jobs, log } = deps
  const working = await jobs.work(rotationQueue, async ({ account, trigger }) => {
    const reason = trigger === 'recovery' ? 'a rotation did not come to its end' : 'a grant ended'
    const rotated = await rotateAccount(deps, {
      account: account as AccountId,
      trigger: trigger === 'recovery' ? 'recovery' : 'check-in',
      reason,
      by: null,
    })
    if (!rotated.ok) {
      if (rotated.error.code !== 'keeper.sealed') log(`${account} could not be rotated: ${rotated.error.code}`)
      throw new Error(rotated.error.code)
    }
  })
  await recoverCandidates(deps, rotationQueue)
  const taking = takeUpCutOff(deps, rotationQueue)
  return {
    async stop() {
      taking.stop()
      await within(lastRunMs, Promise.all([working.stop(lastRunMs), whenNoneRuns()]))
    },
  }
}
