import type { Clock } from '../../kernel/clock.ts'
import type { Dial } from '../../targets/contract.ts'
import type { Attempt, LiveSession, SessionHost } from '../contract.ts'
import { watchDeadline } from '../door/deadline.ts'
import { watchIdle } from '../door/idle.ts'
import type { GatewayLog } from '../door/log.ts'
import { logInToTarget } from '../door/log-in-to-target.ts'
import type { Stop } from '../door/stop.ts'
import type { Ask } from './ask.ts'
import { timeAtTerminal } from './ask-for-time.ts'
import { broken, type End, finished, stopped, targetLost, unreached } from './endings.ts'
import { filesWire, NotFiles } from './files/files-wire.ts'
import type { Limits } from './limits.ts'
import type { Person } from './person.ts'
import { type Relay, relay } from './relay.ts'
import { reachTarget } from './upstream.ts'
import { plainWire, type Wire } from './wire.ts'

export interface CarryDeps {
  host: Pick<SessionHost, 'refused'>
  dial: Dial
  clock: Clock
  log: GatewayLog
  limits: Limits
}

/** One session that is open, and the two ends that it stands between. */
export interface Carried {
  live: LiveSession
  attempt: Attempt
  ask: Ask
  person: Person
  /** Turned by whoever ends the session: the deadline, an officer, the process, the person who leaves. */
  stop: Stop
}

/**
 * Carries one live session from its notice to its end: logs in to the target, relays, and ends it when it is done, when
 * the grant ends, when it is cut, or when either side is gone. `live.ended` is called exactly once, whatever happens.
 */
export async function carrySession(carried: Carried, deps: CarryDeps): Promise<void> {
  const { live, person, stop } = carried
  live.onCut(stop.now)
  person.onGone(() => stop.now('closed'))
  const warn = (sentence: string) => void (person.terminal && person.say(sentence))
  const { clock } = deps
  const time = timeAtTerminal(live, person)
  const deadline = watchDeadline(live.remainingMs, { clock, warn: time.warn, ended: () => stop.now(live.endsFor), what: 'This session' })
  live.onExtended(deadline.extend)
  const passing: Passing = { relay: undefined, input: time.input }
  // who is suspended, or waits for somebody's word, cannot move anything
  const busy = () => live.asks || (passing.relay?.suspended ?? live.waiting)
  const idleMs = Math.min(deps.limits.idleMs, live.terms.idleMs)
  const idle = watchIdle(idleMs, { clock, warn: () => warn(idleWarning), idle: () => stop.now('idle'), busy })
  let end: End = broken
  try {
    person.say(live.notice)
    end = await untilEnd(carried, passing, idle.touch, deps)
  } catch (error) {
    deps.log.error({ error, session: live.id }, 'a session could not be carried')
  } finally {
    deadline.stop()
    idle.stop()
    // wiped at the login already, unless it never came to one
    live.login.credential.secret.wipe()
    deps.log.info({ session: live.id, reason: end.outcome.reason }, 'a session ends')
    await Promise.all([settle(live, end, deps.log), leave(person, end)])
  }
}

const idleWarning = 'Nothing has moved here for a while. This session ends in one minute.'

/** Set once bytes pass. */
interface Passing {
  relay: Relay | undefined
  /** What the person types for the target. */
  input: Person['input']
}

async function untilEnd(
  { live, attempt, ask, person, stop }: Carried,
  passing: Passing,
  touched: () => void,
  deps: CarryDeps,
): Promise<End> {
  const { dial, limits, log, host } = deps
  // a command would run as soon as the target has it
  if (live.waiting) await untilObserved(live, person, stop)
  if (stop.reason) return stopped(stop.reason, attempt)
  const reach = () => reachTarget(live, ask, { dial, limits, signal: stop.signal })
  const { reached, scrubs } = await logInToTarget(live, 2, stop, reach)
  const [out, err] = scrubs
  if (!out || !err) throw new Error('two streams were asked for')
  let wire: Wire | undefined
  try {
    if (stop.reason) {
      if (reached.ok) reached.value.cut()
      return stopped(stop.reason, attempt)
    }
    if (!reached.ok) return unreached(reached.error)

    const upstream = reached.value
    const notRecorded = (error: unknown) => {
      log.error({ error, session: live.id }, 'a session could not be recorded')
      stop.now(error instanceof NotFiles ? 'not_understood' : 'recording_failed')
    }
    person.onResize((columns, rows) => {
      live.recorder.resize(columns, rows)
      upstream.resize(columns, rows)
    })
    const scrub = { out, err }
    const refused = (what: string) => host.refused(attempt, what)
    const judging = { judge: live.judgeFile, send: upstream.write, say: person.say }
    wire = ask.how.kind === 'files' ? filesWire(live.recorder, scrub, ask.how.command, refused, judging) : plainWire(live.recorder, scrub)
    const carried = relay({ person, upstream, wire, input: passing.input, held: live.waiting, touched, notRecorded })
    passing.relay = carried
    person.onSignal((name) => void (carried.suspended || upstream.signal(name)))
    live.overseen({
      // anything else than a terminal is read by a program, which would stumble over a sentence of ours
      say(sentence) {
        if (person.terminal !== undefined) person.say(sentence)
        return person.terminal !== undefined
      },
      suspend: carried.suspend,
      resume: carried.resume,
    })
    const first = await Promise.race([carried.done.then((exit) => (upstream.lost() ? targetLost : finished(exit))), stop.turned])
    if (typeof first !== 'string') {
      // the person need not wait until the target has closed the connection as well
      void upstream.close()
      return first
    }
    // first the target, then what waits for the person: at the second, nothing more happens and nothing more is seen
    upstream.cut()
    carried.stop()
    return stopped(first, attempt)
  } finally {
    wire?.cut()
    for (const scrub of scrubs) scrub.wipe()
  }
}

/** Nobody observes yet; Ctrl-C in a terminal gives up. */
async function untilObserved(live: LiveSession, person: Person, stop: Stop): Promise<void> {
  person.input.onInterrupt(() => stop.now('closed'))
  await live.whenObserved((sentence) => person.say(sentence), stop.signal)
  person.input.onInterrupt(() => {})
}

async function leave(person: Person, { say, exit }: End): Promise<void> {
  if (say) person.say(say)
  await person.leave(exit)
}

async function settle(live: LiveSession, { outcome }: End, log: GatewayLog): Promise<void> {
  try {
    await live.ended(outcome)
  } catch (error) {
    log.error({ error, session: live.id, outcome: outcome.reason }, 'the end of a session could not be written down')
  }
}
