import { MessageScanner, notice } from '../../../protocols/postgres/index.ts'
import { type Refusal, takenBack } from '../../contract.ts'
import { KeptResults } from '../../door/sql/kept-results.ts'
import type { Following, Watch } from '../../door/sql/wire.ts'
import { sqlStates } from '../say.ts'
import { watchedSinks } from '../watched-sinks.ts'
import { JudgedStatements } from './judged-statements.ts'
import { ToldRefusals } from './told-refusals.ts'
import { StatementTracker } from './track-statements.ts'

/** As the target would say it: a statement that its person took back was cancelled. */
const failureOf = ({ code, say }: Refusal) => ({ sqlState: code === takenBack ? sqlStates.cancelled : sqlStates.denied, message: say })

/**
 * What passes in one session, message by message, as it came. A class, since whoever asks it for each message asks all sessions in the same place: objects
 * that are made with getters of their own are each of another kind to V8, and each question becomes a search.
 */
export class FollowedSession implements Watch {
  readonly #tracker: StatementTracker
  readonly #watched: ReturnType<typeof watchedSinks>
  readonly #scanner: MessageScanner
  readonly #told: ToldRefusals | undefined
  readonly #judged: JudgedStatements | undefined
  readonly fromTarget: MessageScanner

  /** `settings`: what the target reported at the login. */
  constructor(settings: Iterable<readonly [name: string, value: string]>, { live, recorder, clock, say }: Following) {
    const told = live.judgeQuery && new ToldRefusals()
    const tracker = new StatementTracker(
      {
        started: (statement) => recorder.statementStarted(statement),
        ended: (statement) => recorder.statementEnded(statement),
        now: () => clock.monotonic(),
      },
      settings,
      (refused) => told?.error(refused),
      live.keepResults && new KeptResults(live.keepResults, (n, read) => recorder.resultPassed(n, read)),
    )
    const watched = watchedSinks(tracker)
    const scanner = new MessageScanner(watched.fromPerson)
    this.#told = told
    this.#tracker = tracker
    this.#watched = watched
    this.#scanner = scanner
    this.fromTarget = new MessageScanner(watched.fromTarget)
    this.#judged =
      live.judgeQuery &&
      new JudgedStatements({
        judge: live.judgeQuery,
        scan: (bytes, { refused, each } = {}) =>
          tracker.whileJudged({ refused: refused && failureOf(refused), each }, () => scanner.scan(bytes)),
        tracker,
        tell: (sentence) => say(notice(sentence)),
      })
  }

  fromPerson(chunk: Buffer): Buffer | undefined {
    if (this.#judged) return this.#judged.fromPerson(chunk)
    return this.#scanner.scan(chunk) ? chunk : undefined
  }

  get asking(): Promise<void> | undefined {
    return this.#judged?.asking
  }

  takeBack(): boolean {
    return this.#judged?.takeBack() ?? false
  }

  next(): undefined {
    this.#judged?.answered()
  }

  shown(bytes: Buffer): Buffer {
    return this.#told ? this.#told.shown(bytes) : bytes
  }

  get refusal(): string | undefined {
    return this.#tracker.refusal
  }

  get overflowing(): boolean {
    return this.#tracker.overflowing
  }

  get crowded(): boolean {
    return this.#tracker.crowded
  }

  get busy(): boolean {
    return this.#tracker.busy
  }

  get terminated(): boolean {
    return this.#watched.terminated
  }

  get farewell(): boolean {
    return this.#watched.farewell
  }

  end(): void {
    this.#tracker.end()
  }
}
