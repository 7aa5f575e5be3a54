import type { Belongings } from './belongings.ts'
import { showCeremony } from './ceremony/show-ceremony.ts'
import type { SealStatus } from './states.ts'

/** The seal as every door shows it. */
export async function showSeal(life: Belongings): Promise<SealStatus> {
  // another server of this installation may have made the seal meanwhile
  if (life.state === 'uninitialised') await life.look().catch(() => undefined)
  const facts = life.opened?.context.installation.facts.seal ?? life.record()?.facts.seal
  const shamir = facts?.kind === 'shamir' ? facts : undefined
  return {
    state: life.state,
    kind: facts?.kind,
    progress: shamir && {
      ...{ given: life.desk.given(shamir.set), forgottenIn: life.desk.forgottenIn() },
      ...{ threshold: shamir.threshold, shares: shamir.shares, set: shamir.set },
    },
    ceremony: showCeremony(life),
    waiting: life.state === 'sealed' ? life.waiting?.message : undefined,
    runningGrants: life.state === 'open' ? 0 : await life.runningGrants(),
  }
}
