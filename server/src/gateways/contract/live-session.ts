import type { RequestId, SessionId } from '../../kernel/id.ts'
import type { Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { Login, PinnedIdentity } from '../../targets/contract.ts'
import type { Forward, Forwarded } from './acts.ts'
import type { JudgeFile, JudgeQuery } from './judging.ts'
import type { Recorder } from './recorder.ts'
import type { Refusal } from './who.ts'

export type CutReason =
  | 'database_away'
  | 'spool_full'
  | 'grant_ended'
  /** What became of its grant could not be checked. */
  | 'grant_unattested'
  | 'duration_over'
  | 'ended_by_officer'
  /** It was said that an officer ended it, and the keeper could not be asked. */
  | 'ended_unattested'
  | 'idle'
  | 'recording_failed'
  | 'not_understood'
  | 'policy_changed'
  | 'shutting_down'

/** What officers may do to a session that runs, as its door does it. */
export interface Overseen {
  /**
   * A sentence for the person, at the next place where it cannot be taken for what the target says. False where there is none: what they
   * have is no terminal, and whatever reads it would stumble over it.
   */
  say(sentence: string): boolean
  /** Nothing more passes in either direction until `resume`; what comes meanwhile waits in bounded memory. May be called twice. */
  suspend(): void
  resume(): void
}

/** How policy and configuration have a session carried: the strictest of both. */
export interface SessionTerms {
  /** It ends after so many milliseconds without anything passing. */
  idleMs: number
  /** So long a statement that runs may go on when the time is up; 0: it is cancelled. */
  finishMs: number
}

/** More time that was asked for. */
export interface Renewal {
  request: RequestId
  /** Who may approve it; none: nobody needs to. */
  approvers: readonly string[]
  link: string
  /** A refusal when it was denied or came to nothing. */
  decided: Promise<Result<void, Refusal>>
}

/** One admitted, granted, recorded session whose credential was released. */
export interface LiveSession {
  id: SessionId
  /** What the person is told before the first byte: that it is recorded, until when, under which grant. */
  notice: string
  /** `settings` are the target kind's own, attested: TLS and CA among them. */
  target: { kind: string; host: string; port: number; identity: PinnedIdentity; settings: { readonly [key: string]: unknown } }
  /** The newest that was released; so is `scrub`. */
  readonly login: Login
  recorder: Recorder
  /** Milliseconds from now to its end; the gateway keeps its own monotonic deadline and needs no database to cut. */
  readonly remainingMs: number
  /** Which end that is: its grant's, or that of the longest that a session may last. */
  readonly endsFor: 'grant_ended' | 'duration_over'
  terms: SessionTerms
  /** It may pass nothing yet: an observer has to be there. */
  readonly waiting: boolean
  /** Settles when nothing has to be waited for, or `signal` gives up. `say` reaches the person meanwhile. Ask before the target is asked for anything that acts by itself. */
  whenObserved(say: (sentence: string) => void, signal: AbortSignal): Promise<void>
  /** Asks for more time, with the same approvals; `code` where the refusal `access.fresh_code_needed` says so. What is granted comes by `onExtended`. */
  renew(code?: string): Promise<Result<Renewal, Refusal>>
  /**
   * Bytes that must never reach the person or the recording (the injected credential), for scrubbing; and where a target takes the order to stop what runs
   * only from somebody who is logged in, for that, at the end. Wiped by `ended`.
   */
  readonly scrub: Secret | undefined
  /**
   * The target refused `login`: was it rotated between its release and the login? Waits for a rotation that is under way, some seconds at
   * most. True when there is a newer one: then `login` and `scrub` are it. A door tries that one once, and no other.
   */
  renewLogin(): Promise<boolean>
  /** Calls back when the session must end now: an officer ended it, the grant ended early, the recording failed. */
  onCut(callback: (reason: CutReason) => void): void
  /** Calls back when it was given more time, with the milliseconds from now to its new end. Never with an earlier end. */
  onExtended(callback: (remainingMs: number) => void): void
  /** Gives the session into the hands of officers, once bytes can pass. What stands already (it is watched, or suspended) is told at once. */
  overseen(by: Overseen): void
  /** What is asked about each file; undefined where policy has nothing to say of any in this session, and in one of statements where its client sends none. */
  readonly judgeFile?: JudgeFile | undefined
  /** In a session of statements: policy lets some file of the person's machine pass. */
  readonly sendsFiles?: boolean
  /** How much of what statements give back is kept; undefined: nothing. */
  readonly keepResults?: { statementBytes: number; sessionBytes: number } | undefined
  /** The same of statements. */
  readonly judgeQuery?: JudgeQuery | undefined
  /** Somebody else is asked about something that waits. */
  readonly asks: boolean
  /** May this connection be carried? A yes is in the ledger before it is answered, and gives what its end is told by, once. */
  forward(to: Forward): Promise<Result<(end: Forwarded) => void, Refusal>>
  /** Settles the session, once: seals the recording and writes the outcome entry. */
  ended(outcome: {
    reason: CutReason | 'closed' | 'target_failed' | 'target_impostor'
    exitStatus?: number
    detail?: string
    /** The target asked for a file of the person's machine that no statement of theirs named. */
    alarm?: 'file_demanded'
  }): Promise<void>
}
