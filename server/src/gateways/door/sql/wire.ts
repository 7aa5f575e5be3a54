import type { Socket } from 'node:net'
import type { Clock } from '../../../kernel/clock.ts'
import type { Result } from '../../../kernel/result.ts'
import type { Dial } from '../../../targets/contract.ts'
import type { Admitted, Grant, LiveSession, Recorder } from '../../contract.ts'

/*
 * What sessions of statements have in common is in this folder; what a wire has of its own is said by it in a `SqlWire`, made anew for
 * each session.
 */

/** Why a door says a last sentence. Each wire has its own numbers for them. */
export type Farewell = 'refused' | 'tooMany' | 'fault' | 'ended' | 'tooLong' | 'targetGone' | 'protocol'

/** A target that is logged in to. Only `socket` may be destroyed, not the line below it. */
export interface SqlTarget {
  socket: Socket
  /** The TCP connection below: the same one where there is no TLS. */
  line: Socket
}

/** Why there is no way to the target: for the person, and for the outcome entry. */
export interface NoWay {
  reason: 'target_failed' | 'target_impostor'
  /** The target is there and did not take the credential. */
  loginRefused?: true
  /** What the client hears, as its wire says it. */
  last: Buffer
  detail: string
}

/** Why nothing more may pass: as the client hears it, and for the outcome entry. */
export interface RefusalIs {
  why: Farewell
  detail: string
}

/** One direction after the other, looked at as it passes. Each throws only where it could not be recorded. */
export interface Watch {
  /** What the client sent. Answers the bytes that go to the target now, before which their statements were recorded; undefined when it is not of this wire. */
  fromPerson(chunk: Buffer): Buffer | undefined
  fromTarget: {
    /** False when it is not of this wire. */
    scan(bytes: Buffer): boolean
    /** Bytes of the current message that are still to come. */
    readonly left: number
    /** True when the last byte ended a message. */
    readonly between: boolean
  }
  /** While policy is asked about what the client sent, what is behind it waits; then `fromPerson` goes on with it, for no bytes more. */
  readonly asking?: Promise<void> | undefined
  /** The client wants what is asked about no longer, or is gone. False where nothing is. */
  takeBack?(): boolean
  /** What the client gets for bytes of the target that were scanned; as they are where there is none. */
  shown?(bytes: Buffer): Buffer
  /** What the client sent earlier and goes to the target only now that it has answered. */
  next?(): Buffer | undefined
  /** Nothing more may pass: a sentence for the client. */
  readonly refusal: string | undefined
  /** What that is in the session's outcome; without it something came that could not be recorded whole. */
  readonly refusalIs?: RefusalIs | undefined
  /** The target asked for a file of the client that no statement named. `told`: the client has something of its answer already. */
  readonly demanded?: { told: boolean } | undefined
  /** More is prepared than can be remembered. */
  readonly overflowing: boolean
  /** The client is held back until the target has caught up. */
  readonly crowded: boolean
  /** A statement runs. */
  readonly busy: boolean
  /** The client has said that it goes. */
  readonly terminated: boolean
  /** The target has said why it goes. */
  readonly farewell: boolean
  /** The session is over: what runs is cut. */
  end(): void
}

/** What a wire is given to follow one session. */
export interface Following {
  live: LiveSession
  recorder: Recorder
  clock: Clock
  dial: Dial
  /** Something of the door's own to the client, as soon as the target is between two messages. */
  say(message: Buffer): void
}

/** What one wire has of its own, for one session. */
export interface SqlWire<Target extends SqlTarget = SqlTarget> {
  /** As sentences name it: `PostgreSQL`. */
  readonly protocol: string
  /** Logs in to the target with the released credential, which is wiped as soon as the login is decided. `signal` gives up. */
  reach(live: LiveSession, by: { dial: Dial; targetMs: number; signal: AbortSignal }): Promise<Result<Target, NoWay>>
  /** What stands between the login and the first statement, for the client; `follow` was called. */
  greeting(target: Target, notice: string): Buffer
  follow(target: Target, given: Following): Watch
  /** A sentence in the middle of a session, where the wire has a way to say one. */
  notice(sentence: string): Buffer | undefined
  /** That nothing passes, or passes again, for a page of ours: to others only the sentence about it is said. */
  suspension(suspended: boolean): Buffer | undefined
  /** The last that a client hears. */
  last(why: Farewell, sentence: string): Buffer
  /** Has the target stop what runs, as far as it can be told from outside. Never rejects. */
  cancel(live: LiveSession, target: Target, dial: Dial): Promise<void>
  /** Nobody can come any more with what the session gave out. */
  closed(): void
}

/** Who came in, and how their session is carried. */
export interface Visit {
  admitted: Admitted
  grant: Grant
  database: string
  application?: string | undefined
  /** Its client would send files that its statements name. */
  files?: boolean
  wire: SqlWire
}
