import type { Duplex } from 'node:stream'
import type { ScrubStream } from '../../../kernel/scrub-stream.ts'
import type { Recorder } from '../../contract.ts'
import { brake } from '../brake.ts'
import { chunksOf } from './chunks-of.ts'
import type { Watch } from './wire.ts'

export interface RelayDeps {
  /** The client's connection, under TLS. */
  person: Duplex
  target: Duplex
  recorder: Recorder
  watch: Watch
  scrub: ScrubStream
  /** Nothing passes until it is resumed. */
  held?: boolean
  /** Bytes passed. */
  touched(): void
  /** What either side says is not of the wire any more, or it cannot be recorded: nothing more passes. */
  failed(why: 'person' | 'target' | 'recorder', error?: unknown): void
  /** What came could not be recorded as what it is, and did not pass: a sentence for the client. */
  refused(sentence: string): void
}

export interface Relay {
  /** The target has closed its connection: with or without having said goodbye, or because the client asked for it. */
  done: Promise<'client left' | 'target said why' | 'target gone'>
  /** The client has said that it goes. */
  readonly clientLeft: boolean
  /** Something of our own to the client, as soon as the target is between two messages. */
  say(message: Buffer): void
  /** Nothing passes until `resume`: at once to the target, and to the client from the end of the message that it has the beginning of. */
  suspend(): void
  resume(): void
  readonly suspended: boolean
  /** What was sent already comes to its end, and its answers pass, for so many milliseconds at most; settles sooner when nothing runs any more or `hurry` does. */
  finish(ms: number, hurry: Promise<unknown>): Promise<void>
  /** The session is over: what either side still says is no concern of ours. */
  leave(): void
  /** Nothing more passes to the target, and to the client no more than the rest of a message that it has the beginning of. False when that does not come. */
  stop(): Promise<boolean>
}

const nothing = Buffer.alloc(0)
/** Bytes that may come behind what policy is asked about. */
const mostBehind = 256 * 1024
/** How long the rest of a message may take to come. */
const restMs = 250

/**
 * Passes what each side says to the other as it came, and looks at it on the way: a statement is recorded before it is
 * passed on. Each side is held back while the other, the recorder or the tracker cannot take more.
 */
export function relay(deps: RelayDeps): Relay {
  const { person, target, recorder, watch, scrub, touched, failed, refused } = deps
  const { fromTarget } = watch
  const { held: heldAtFirst = false } = deps
  const ours: Buffer[] = []
  /** Bytes of the target that the scrubber keeps until it knows what they become. */
  let held = 0
  let personEnded = false
  /** What policy was asked about when it was last looked, and bytes that came behind it. */
  let awaited: Promise<void> | undefined
  let askedBehind = 0
  let suspended = false
  let allowedMeanwhile = false
  /** What came of the target between its last message that passed and its being held. */
  const kept: Buffer[] = []
  let state: 'passing' | 'ending' | 'stopped' = 'passing'
  /** Set while the last statements come to their end. */
  let finished: (() => void) | undefined
  const { promise: done, resolve: settle } = Promise.withResolvers<Awaited<Relay['done']>>()
  const { promise: ended, resolve: messageEnded } = Promise.withResolvers<boolean>()

  const holdPerson = brake<'target' | 'recorder' | 'tracker' | 'officer' | 'policy'>(
    () => said.person.hold(),
    () => said.person.goOn(),
  )
  const holdTarget = brake<'person' | 'recorder' | 'officer'>(
    () => said.target.hold(),
    () => said.target.goOn(),
  )
  const underPressure = (): void => {
    const pressure = recorder.pressure()
    if (!pressure) return
    holdPerson.hold('recorder')
    holdTarget.hold('recorder')
    const release = () => {
      holdPerson.release('recorder')
      holdTarget.release('recorder')
    }
    pressure.then(release, (error) => failed('recorder', error))
  }

  const forward = (bytes: Buffer): void => {
    if (bytes.length > 0 && !target.write(bytes)) holdPerson.hold('target')
  }

  const personSaid = (chunk: Buffer) => {
    touched()
    if (watch.asking) askedBehind += chunk.length
    let seen: Buffer | undefined
    try {
      seen = watch.fromPerson(chunk)
      if (!seen) return failed('person')
      if (watch.refusal !== undefined) return refused(watch.refusal)
      if (watch.overflowing) return failed('recorder', new Error('more is prepared than can be remembered'))
    } catch (error) {
      return failed('recorder', error)
    }
    forward(seen)
    if (watch.crowded) holdPerson.hold('tracker')
    underPressure()
    whileAsked()
  }
  /** Policy is asked about what came; what is behind it waits. */
  const whileAsked = () => {
    const asking = watch.asking
    if (!asking) {
      askedBehind = 0
      return holdPerson.release('policy')
    }
    // it is read on, within bounds, or nobody would notice that the client is gone
    if (askedBehind > mostBehind) holdPerson.hold('policy')
    if (asking === awaited) return
    awaited = asking
    asking.then(
      () => {
        awaited = undefined
        if (personEnded) return
        // held meanwhile: what was allowed waits like everything else
        if (suspended) allowedMeanwhile = true
        else if (state === 'passing') personSaid(nothing)
      },
      (error) => failed('recorder', error),
    )
  }

  /** Scanned and passed on. */
  const pass = (bytes: Buffer): boolean => {
    if (bytes.length === 0) return true
    if (!fromTarget.scan(bytes)) return false
    const shown = watch.shown?.(bytes) ?? bytes
    if (shown.length > 0 && !person.write(shown)) holdTarget.hold('person')
    return true
  }

  const targetSaid = (chunk: Buffer) => {
    touched()
    // suspended, or the session has ended: no more than the rest of the message that the client has begun to read
    const whole = state === 'passing' && !suspended
    const rest = whole ? chunk : chunk.subarray(0, Math.max(0, fromTarget.left - held))
    // a copy: what is read next may come into the same memory
    if (suspended && rest.length < chunk.length) kept.push(Buffer.from(chunk.subarray(rest.length)))
    try {
      const clean = scrub.push(rest)
      held += rest.length - clean.length
      if (!pass(clean)) return failed('target')
      // the message ends with what is held: nothing of it can become the credential any more
      if (held > 0 && fromTarget.left <= held) {
        const last = scrub.end()
        held = 0
        if (!pass(last)) return failed('target')
      }
    } catch (error) {
      return failed('recorder', error)
    }
    underPressure()
    between()
    if (finished && !watch.busy) finished()
    if (whole) goOn()
  }

  /** What waited for the target's answer. */
  const goOn = () => {
    if (finished) return
    try {
      const waited = watch.next?.()
      if (watch.refusal !== undefined) return refused(watch.refusal)
      if (waited) forward(waited)
      if (watch.asking) whileAsked()
    } catch (error) {
      return failed('recorder', error)
    }
    if (!watch.crowded) holdPerson.release('tracker')
  }

  /** Between two messages of the target there is room for ours, and the place to end. */
  const between = (): void => {
    if (!fromTarget.between || held > 0) return
    if (ours.length > 0) for (const message of ours.splice(0)) person.write(message)
    if (suspended) holdTarget.hold('officer')
    if (state === 'ending') halt(true)
  }

  const halt = (whole: boolean): void => {
    if (state === 'stopped') return
    state = 'stopped'
    letGo()
    messageEnded(whole)
  }

  const letGo = (): void => {
    said.person.leave()
    said.target.leave()
    target.resume()
  }

  person.on('drain', () => holdTarget.release('person'))
  target.on('drain', () => holdPerson.release('target'))
  const personGone = () => {
    personEnded = true
    watch.takeBack?.()
  }
  // a connection that breaks is closed without having ended
  person.once('close', personGone)
  person.once('end', () => {
    personGone()
    target.end()
  })
  const targetEnded = () => settle(watch.terminated || personEnded ? 'client left' : watch.farewell ? 'target said why' : 'target gone')
  target.once('end', targetEnded).once('close', targetEnded)
  const said = { person: chunksOf(person, personSaid), target: chunksOf(target, targetSaid) }
  if (heldAtFirst) {
    suspended = true
    holdPerson.hold('officer')
    between()
    if (!fromTarget.between) said.target.goOn()
  } else {
    said.person.goOn()
    said.target.goOn()
  }

  return {
    done,
    get clientLeft() {
      return watch.terminated
    },
    say(message) {
      ours.push(message)
      between()
    },
    suspend() {
      suspended = true
      holdPerson.hold('officer')
      between()
    },
    resume() {
      suspended = false
      for (const chunk of kept.splice(0)) targetSaid(chunk)
      // the answer may have ended just before the session was held
      if (state === 'passing') goOn()
      if (state === 'passing' && allowedMeanwhile) {
        allowedMeanwhile = false
        personSaid(nothing)
      }
      holdTarget.release('officer')
      holdPerson.release('officer')
    },
    get suspended() {
      return suspended
    },
    async finish(ms, hurry) {
      if (state !== 'passing' || !watch.busy) return
      said.person.leave()
      const { promise, resolve } = Promise.withResolvers<void>()
      finished = resolve
      const timer = setTimeout(resolve, ms)
      await Promise.race([promise, hurry, done])
      clearTimeout(timer)
    },
    leave: letGo,
    async stop() {
      if (state === 'passing') {
        state = 'ending'
        said.person.leave()
        between()
        setTimeout(() => halt(false), restMs).unref()
      }
      return await ended
    },
  }
}
