import { createDecide, explainAccess, shortest, voidOfPerson, voidOnAccount, type WhenGrantEnds } from '../../domains/access/index.ts'
import type { Act } from '../../domains/audit/index.ts'
import type { OrderRotation } from '../../domains/breakglass/index.ts'
import { createIdentity } from '../../domains/identity/index.ts'
import { isReplaced, orderBreakGlass, rotateAfterGrant, verifyAccount } from '../../domains/rotation/index.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail } from '../../kernel/result.ts'
import type { Ground, Running } from './ground.ts'

export type UseCases = Awaited<ReturnType<typeof connectUseCases>>

/** What use cases of one domain need of another: here alone they meet. */
export async function connectUseCases({ config, db, keeper, audit, kinds, clock, log }: Ground, running: Running) {
  const { now } = clock
  const identity = await createIdentity({
    ...{ db, audit, keeper, clock, passkeySite: config.passkeySite },
    // What follows when somebody is shut out. Their sign-ins end in the act itself; a gateway cuts the sessions of a grant that is void.
    whenPersonStops: (act, person, why) => voidOfPerson(access, act, person, why).then((r) => (r.ok ? r : fail(asKeeperRefusal(r.error)))),
  })

  // What follows the end of a grant. The gateway cuts its sessions by itself: it is told by the database, and has its own clock.
  const whenGrantEnds = (...[tx, grant]: Parameters<WhenGrantEnds>) => rotateAfterGrant(tx, grant, now())
  const common = { db, audit, keeper, kinds, now }
  const access = {
    ...common,
    decide: createDecide(keeper),
    shortestSeconds: config.lab ? shortest.lab : shortest.otherwise,
    connects: (kind: string) => kinds.capabilities(kind).includes('connect'),
    whenGrantEnds,
    isReplaced,
  }
  const rotation = {
    ...common,
    ...config.rotation,
    lookNow: () => running.rotating?.look(),
    whenAccountStops: (act: Act, account: AccountId, why: string) =>
      voidOnAccount(access, act, account, why).then((r) => (r.ok ? r : fail(asKeeperRefusal(r.error)))),
  }
  const dependents = { ...common, retryMs: config.rotation.retryMs }
  const kits = {
    ...{ db, audit, keeper, kinds, now, log, server: config.nodeName, lookMs: config.rotation.lookMs },
    ...config.kits,
    orderRotation: (...[tx, account, by, why]: Parameters<OrderRotation>) => orderBreakGlass(tx, account, by, why, now()),
    whenAccountStops: rotation.whenAccountStops,
    logsIn: async (account: AccountId, by: PersonId) => {
      const tried = await verifyAccount(rotation, { account, by })
      return tried.ok ? tried.value : tried.error.code
    },
  }
  return { identity, common, access, rotation, dependents, kits }
}

/** A refusal of access in the words of the keeper's. */
export function asKeeperRefusal(error: Parameters<typeof explainAccess>[0]) {
  return 'message' in error ? error : { code: error.code, message: explainAccess(error).body.message }
}
