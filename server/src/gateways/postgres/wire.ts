import { cancelStatement, type LoggedIn } from '../../platform/postgres-client/index.ts'
import { fatalError, notice, pageParameters, parameterStatus } from '../../protocols/postgres/index.ts'
import type { Dial } from '../../targets/contract.ts'
import type { LiveSession } from '../contract.ts'
import type { SqlWire } from '../door/sql/wire.ts'
import type { CancelKeys } from './cancel-keys.ts'
import { endOnTarget } from './end-on-target.ts'
import { greeting } from './greet.ts'
import { sqlStates } from './say.ts'
import type { SignedIn } from './sign-in.ts'
import { FollowedSession } from './statements/followed-session.ts'
import { reachTarget, serverOf } from './upstream.ts'

const cancelMs = 5_000
const farewells = {
  ...{ refused: sqlStates.notAuthorised, tooMany: sqlStates.tooMany, fault: sqlStates.fault, ended: sqlStates.ended },
  ...{ tooLong: sqlStates.tooLong, targetGone: sqlStates.targetGone, protocol: sqlStates.protocol },
} as const

/** One session of PostgreSQL's protocol 3.0. */
export function postgresWire(who: SignedIn, { cancelKeys }: { cancelKeys: CancelKeys }): SqlWire<LoggedIn> {
  let issued: ReturnType<CancelKeys['issue']> | undefined
  const toPage = who.admitted.attempt.way === 'web'
  const cancel = async (live: LiveSession, { cancelKey }: LoggedIn, dial: Dial): Promise<void> => {
    if (cancelKey) await cancelStatement(dial, serverOf(live), cancelKey, cancelMs)
  }
  return {
    protocol: 'PostgreSQL',
    reach: (live, by) => reachTarget(live, who, by),
    greeting(target, sentence) {
      if (!issued) throw new Error('it is followed first')
      return greeting(target, sentence, issued.key)
    },
    follow(target, given) {
      const watch = new FollowedSession(target.parameters, given)
      issued = cancelKeys.issue(async () => {
        if (!watch.takeBack()) await cancel(given.live, target, given.dial)
      })
      return watch
    },
    notice: (sentence) => (toPage ? parameterStatus(pageParameters.says, sentence) : notice(sentence)),
    suspension: (suspended) => (toPage ? parameterStatus(pageParameters.suspended, suspended ? 'on' : 'off') : undefined),
    last: (why, sentence) => fatalError(farewells[why], sentence),
    cancel: (live, target, dial) => endOnTarget(live, target, who.database, dial),
    closed: () => issued?.revoke(),
  }
}
