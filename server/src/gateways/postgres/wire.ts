import { cancelStatement, type LoggedIn } from '../../platform/postgres-client/index.ts'
import { fatalError, MessageScanner, notice, pageParameters, parameterStatus } from '../../protocols/postgres/index.ts'
import type { Dial } from '../../targets/contract.ts'
import { type LiveSession, type Refusal, takenBack } from '../contract.ts'
import { KeptResults } from '../door/sql/kept-results.ts'
import type { Following, SqlWire, Watch } from '../door/sql/wire.ts'
import type { CancelKeys } from './cancel-keys.ts'
import { endOnTarget } from './end-on-target.ts'
import { greeting } from './greet.ts'
import { sqlStates } from './say.ts'
import type { SignedIn } from './sign-in.ts'
import { JudgedStatements } from './statements/judged-statements.ts'
import { ToldRefusals } from './statements/told-refusals.ts'
import { StatementTracker } from './statements/track-statements.ts'
import { reachTarget, serverOf } from './upstream.ts'
import { watchedSinks } from './watched-sinks.ts'

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
      const watch = watchOf(target, given)
      issued = cancelKeys.issue(async () => {
        if (!watch.takeBack?.()) await cancel(given.live, target, given.dial)
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

/** As the target would say it: a statement that its person took back was cancelled. */
const failureOf = ({ code, say }: Refusal) => ({ sqlState: code === takenBack ? sqlStates.cancelled : sqlStates.denied, message: say })

/** What passes, message by message, as it came. */
function watchOf(target: LoggedIn, { live, recorder, clock, say }: Following): Watch {
  const told = live.judgeQuery && new ToldRefusals()
  const tracker = new StatementTracker(
    {
      started: (statement) => recorder.statementStarted(statement),
      ended: (statement) => recorder.statementEnded(statement),
      now: () => clock.monotonic(),
    },
    target.parameters,
    (refused) => told?.error(refused),
    live.keepResults && new KeptResults(live.keepResults, (n, read) => recorder.resultPassed(n, read)),
  )
  const watched = watchedSinks(tracker)
  const fromPerson = new MessageScanner(watched.fromPerson)
  const judged =
    live.judgeQuery &&
    new JudgedStatements({
      judge: live.judgeQuery,
      scan: (bytes, { refused, each } = {}) =>
        tracker.whileJudged({ refused: refused && failureOf(refused), each }, () => fromPerson.scan(bytes)),
      tracker,
      tell: (sentence) => say(notice(sentence)),
    })
  return {
    fromPerson: (chunk) => (judged ? judged.fromPerson(chunk) : fromPerson.scan(chunk) ? chunk : undefined),
    get asking() {
      return judged?.asking
    },
    takeBack: () => judged?.takeBack() ?? false,
    ...(judged && { next: () => judged.answered() }),
    ...(told && { shown: (bytes: Buffer) => told.shown(bytes) }),
    fromTarget: new MessageScanner(watched.fromTarget),
    get refusal() {
      return tracker.refusal
    },
    get overflowing() {
      return tracker.overflowing
    },
    get crowded() {
      return tracker.crowded
    },
    get busy() {
      return tracker.busy
    },
    get terminated() {
      return watched.terminated
    },
    get farewell() {
      return watched.farewell
    },
    end: () => tracker.end(),
  }
}
