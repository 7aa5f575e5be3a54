import type { Duplex } from 'node:stream'
import type { Clock } from '../../../kernel/clock.ts'
import type { ScrubStream } from '../../../kernel/scrub-stream.ts'
import { isLost, watchLine } from '../../../platform/dialer/index.ts'
import type { Dial } from '../../../targets/contract.ts'
import type { LiveSession } from '../../contract.ts'
import { watchDeadline } from '../deadline.ts'
import { finishMs, hurries } from '../finish.ts'
import { watchIdle } from '../idle.ts'
import { leave, leaveHearingOut } from '../leave.ts'
import type { GatewayLog } from '../log.ts'
import { logInToTarget } from '../log-in-to-target.ts'
import { sayCut } from '../say-cut.ts'
import type { Stop, StopReason } from '../stop.ts'
import type { SqlLimits } from './limits.ts'
import { type Relay, relay } from './relay.ts'
import type { SqlTarget, Visit, Watch } from './wire.ts'

export interface CarryDeps {
  dial: Dial
  clock: Clock
  log: GatewayLog
  limits: SqlLimits
}

/** One session that is open, and the two ends that it stands between. */
export interface Carried {
  live: LiveSession
  who: Visit
  person: Duplex
  /** Turned by whoever ends the session: the deadline, an officer, the process, the person who leaves. */
  stop: Stop
}

/** How a session came to its end: what is written down, and what the client hears, if it can still hear something. */
interface End {
  outcome: Parameters<LiveSession['ended']>[0]
  last?: Buffer | undefined
  /** The client is in the middle of sending. */
  hearOut?: true
}

/** What is known of a session from when it passes bytes. */
interface Passing {
  relay: Relay | undefined
  busy(): boolean
  /** Settles when somebody ends the session who does not wait for a statement. */
  hurry: Promise<unknown>
  /** The target is being told to stop what ran when the session ended. */
  cancelling: Promise<void> | undefined
}

/** Later than this nobody asks for more time and gets it. */
const lastWarningMs = 10_000
const howToRenew = ({ id }: LiveSession) => `More time: claviger sessions renew ${id}`

const fault = 'The session ended by a fault in Claviger. Connect again; if it stays, tell your administrator.'
const idleWarning = 'Nothing has moved here for a while. This session ends in one minute.'

/**
 * Carries one live session from its notice to its end: logs in to the target, relays, and ends it when it is done, when
 * the grant ends, when it is cut, or when either side is gone. `live.ended` is called exactly once, whatever happens.
 */
export async function carrySession(carried: Carried, deps: CarryDeps): Promise<void> {
  const { live, who, person, stop } = carried
  const { wire } = who
  const { promise: hurry, resolve: hurryUp } = Promise.withResolvers<unknown>()
  live.onCut((reason) => {
    stop.now(reason)
    if (hurries(reason)) hurryUp(reason)
  })
  person.once('close', () => {
    stop.now('closed')
    hurryUp('closed')
  })
  if (person.destroyed) stop.now('closed')
  const { clock, limits, log } = deps
  const passing: Passing = { relay: undefined, busy: () => false, hurry, cancelling: undefined }
  const warn = (sentence: string) => {
    const notice = wire.notice(sentence)
    if (notice) passing.relay?.say(notice)
  }
  const deadline = watchDeadline(live.remainingMs, {
    ...{ clock, what: 'This session' },
    warn: (sentence, leftMs) => warn(leftMs > lastWarningMs ? `${sentence} ${howToRenew(live)}` : sentence),
    ended: () => stop.now(live.endsFor),
  })
  live.onExtended(deadline.extend)
  const idleMs = Math.min(limits.idleMs, live.terms.idleMs)
  const idle = watchIdle(idleMs, { clock, warn: () => warn(idleWarning), idle: () => stop.now('idle') })
  // a statement that takes long is no idleness
  const working = setInterval(() => void (passing.busy() && idle.touch()), idleMs / 3)
  let end: End | undefined
  try {
    end = await untilEnd(carried, passing, idle.touch, deps)
  } catch (error) {
    log.error({ error, session: live.id }, 'a session could not be carried')
  } finally {
    end ??= { outcome: { reason: 'target_failed', detail: 'internal fault' }, last: wire.last('fault', fault) }
    deadline.stop()
    idle.stop()
    clearInterval(working)
    // wiped at the login already, unless it never came to one
    live.login.credential.secret.wipe()
    log.info({ session: live.id, reason: end.outcome.reason }, 'a session ends')
    if (end.hearOut && end.last) leaveHearingOut(person, end.last)
    else leave(person, end.last)
    // before what the session holds is given back: it may be what the target asks for
    await passing.cancelling
    await settle(live, end, log)
  }
}

async function untilEnd(carried: Carried, passing: Passing, touched: () => void, deps: CarryDeps): Promise<End> {
  const { live, who, stop } = carried
  const { dial, limits } = deps
  const reach = () => who.wire.reach(live, { dial, targetMs: limits.targetMs, signal: stop.signal })
  const { reached, scrubs } = await logInToTarget(live, 1, stop, reach)
  const [scrub] = scrubs
  if (!scrub) throw new Error('one stream was asked for')
  if (stop.reason) {
    scrub.wipe()
    if (reached.ok) reached.value.socket.destroy()
    return cut(stop.reason, who)
  }
  if (!reached.ok) {
    scrub.wipe()
    const { reason, detail, last } = reached.error
    return { outcome: { reason, detail }, last }
  }
  return await betweenBoth(carried, reached.value, scrub, passing, touched, deps)
}

/** From the login to the end of what passes. */
async function betweenBoth(
  { live, who, person, stop }: Carried,
  target: SqlTarget,
  scrub: ScrubStream,
  passing: Passing,
  touched: () => void,
  deps: CarryDeps,
): Promise<End> {
  const { dial, limits, clock } = deps
  const { wire } = who
  const { recorder } = live
  const watch = wire.follow(target, { live, recorder, clock, dial, say: (message) => passing.relay?.say(message) })
  passing.busy = () => watch.busy || live.asks || (passing.relay?.suspended ?? false)
  let lost = false
  // otherwise its end is what counts
  target.socket.on('error', (error) => {
    lost ||= isLost(error)
  })
  watchLine(target.line, target.socket, limits.silenceMs)
  let malformed: End | undefined
  const refused = (sentence: string) => {
    const { why, detail } = watch.refusalIs ?? { why: 'tooLong', detail: 'what came could not be recorded whole' }
    malformed = {
      outcome: { reason: 'closed', detail },
      last: wire.last(why, sentence),
      hearOut: true,
    }
    stop.now('closed')
  }
  const failed: Parameters<typeof relay>[0]['failed'] = (why, error) => {
    if (why === 'recorder') {
      deps.log.error({ error, session: live.id }, 'a session could not be recorded')
      return stop.now('recording_failed')
    }
    malformed = watch.demanded ? fileDemanded(watch.demanded, who) : notUnderstood(why, who)
    stop.now('closed')
  }
  try {
    person.write(wire.greeting(target, live.notice))
    passing.relay = relay({ person, target: target.socket, recorder, watch, scrub, touched, failed, refused, held: live.waiting })
    const { suspend, resume } = passing.relay
    const say = (sentence: string): boolean => {
      const notice = wire.notice(sentence)
      if (notice) passing.relay?.say(notice)
      return notice !== undefined
    }
    const tell = (suspended: boolean) => {
      const state = wire.suspension(suspended)
      if (state) passing.relay?.say(state)
    }
    live.overseen({
      say,
      suspend() {
        tell(true)
        suspend()
      },
      resume() {
        resume()
        tell(false)
      },
    })
    const first = await Promise.race([passing.relay.done.then((how) => ({ how })), stop.turned])
    if (typeof first !== 'string') return lost ? targetLost(watch.busy, who) : left(first.how, who)
    const cancel = () => {
      if (watch.busy) passing.cancelling = wire.cancel(live, target, dial)
    }
    const finishing = finishMs(first, live)
    if (finishing > 0) await passing.relay.finish(finishing, passing.hurry)
    const end = await stopped(first, passing.relay, cancel, target, who)
    return end ?? malformed ?? gone(passing.relay)
  } finally {
    passing.relay?.leave()
    wire.closed()
    watch.end()
    scrub.wipe()
    hangUp(target)
  }
}

/** From our side, or because the client is gone: what runs on the target runs no longer, as far as it can be told. */
async function stopped(reason: StopReason, passing: Relay, cancel: () => void, target: SqlTarget, who: Visit): Promise<End | undefined> {
  // a server goes on with a statement whose client is gone, and keeps what it did
  if (reason === 'closed') return void cancel()
  const whole = passing.stop()
  cancel()
  const sentence = await whole
  target.socket.destroy()
  const end = cut(reason, who)
  return sentence ? end : { ...end, last: undefined }
}

function cut(reason: StopReason, { admitted, wire }: Visit): End {
  if (reason === 'closed') return { outcome: { reason, detail: 'the client left' } }
  const { account, target } = admitted.attempt
  return { outcome: { reason }, last: wire.last('ended', sayCut(reason, `${account}@${target}`)) }
}

const gone = ({ clientLeft }: Relay): End => ({
  outcome: clientLeft ? { reason: 'closed' } : { reason: 'closed', detail: 'the connection of the client broke' },
})

function left(how: Awaited<Relay['done']>, { wire }: Visit): End {
  if (how === 'client left') return { outcome: { reason: 'closed' } }
  if (how === 'target said why') return { outcome: { reason: 'target_failed', detail: 'the target ended the session' } }
  const say = 'The target closed the connection without saying why. Connect again, or ask whoever runs it.'
  return { outcome: { reason: 'target_failed', detail: 'the target closed the connection' }, last: wire.last('targetGone', say) }
}

function targetLost(busy: boolean, { wire }: Visit): End {
  const unknown = busy ? ' Whether it carried out the last statement is not known.' : ''
  const say = `Nothing is heard of the target any more: the connection to it is lost.${unknown} Connect again, or ask whoever runs it.`
  return {
    outcome: { reason: 'target_failed', detail: 'nothing was heard of the target any more' },
    last: wire.last('targetGone', say),
  }
}

const notUnderstood = (side: 'person' | 'target', { wire }: Visit): End =>
  side === 'person'
    ? {
        outcome: { reason: 'closed', detail: `the client sent what is no message of ${wire.protocol}` },
        last: wire.last('protocol', `What came is no message of ${wire.protocol}. The session ends.`),
      }
    : { outcome: { reason: 'target_failed', detail: `the target sent what is no message of ${wire.protocol}` } }

/** What a client has the beginning of could not be followed by a sentence. */
const fileDemanded = ({ told }: NonNullable<Watch['demanded']>, { wire }: Visit): End => ({
  outcome: { reason: 'target_failed', detail: 'the target asked for a file that no statement named', alarm: 'file_demanded' },
  last: told ? undefined : wire.last('refused', demanded),
})
const demanded =
  'The target asked for a file of your machine that none of your statements named. It did not get it, and the session ends. Tell your security officers.'

/** Lets the server end the session in the ordinary way, and does not wait long for it. */
function hangUp({ socket }: SqlTarget): void {
  if (socket.destroyed) return
  socket.resume().end()
  const timer = setTimeout(() => socket.destroy(), 1_000)
  socket.once('close', () => clearTimeout(timer))
}

async function settle(live: LiveSession, { outcome }: End, log: GatewayLog): Promise<void> {
  try {
    await live.ended(outcome)
  } catch (error) {
    log.error({ error, session: live.id, outcome: outcome.reason }, 'the end of a session could not be written down')
  }
}
