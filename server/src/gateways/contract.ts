/*
 * Terminology
 *
 * - door: a listener through which people come (ssh, postgres, mysql)
 * - way: how they come to it: with a client of their own, or in the console, whose server process passes their bytes on
 * - attempt: someone at a door, saying who they are and where they want to go
 * - presence: the keeper's word that a person proved a second factor here and now; opaque to gateways
 * - connection ticket: the short-lived secret with which a client that cannot be asked for a code comes through a door
 * - session host: what a gateway needs from the rest of the server; `domains/session` implements it, the composition root hands it out
 */
import type { GrantId, PersonId, RequestId, SessionId } from '../kernel/id.ts'
import type { Result } from '../kernel/result.ts'
import type { Secret } from '../kernel/secret.ts'
import type { Login, PinnedIdentity } from '../targets/contract.ts'

export type Door = 'ssh' | 'postgres' | 'mysql'
export type Way = 'native' | 'web'

/** Where someone wants to go, parsed from `person@account@target`. Account and target hold no `@`. */
export interface Attempt {
  door: Door
  person: string
  account: string
  target: string
  /** `ip:port` of the client as the socket says it; of the browser as its socket with the console's server says it. */
  from: string
  /** `native` where nothing is said. */
  way?: Way
}

/** A no with the sentence that the person sees; it ends with what to do next. `code` is for logs and tests. */
export interface Refusal {
  code: string
  say: string
  /** Asking again on this connection cannot help (locked, disabled): the door says the sentence and closes. */
  final?: true
}

/** What a person shows before the code. */
export type FirstFactor = 'key' | 'password'

/** A person whose first factor was recognised, not yet admitted. */
export interface Recognised {
  person: PersonId
  attempt: Attempt
  /** What they showed, in that order; a key where nothing is said. */
  shown?: readonly FirstFactor[]
  /** True when the key came with a short-lived certificate issued after the second factor: no code is asked. */
  admitted: boolean
}

export interface Admitted extends Recognised {
  admitted: true
  /** The keeper's presence token. */
  presence: string
}

/** Something that a person confirms in the console, for exactly the connection that waits for it. */
export interface OfferedLink {
  url: string
  /** Stands in the terminal alone: whoever confirms types it. */
  number: string
  /** So long it waits. */
  seconds: number
  /** Settles when it was decided on or is over, or `signal` gives up. To be called, and once. A refusal is final. */
  confirmed(signal: AbortSignal): Promise<Result<Admitted, Refusal>>
}

export interface Grant {
  id: GrantId
  /** Whole milliseconds until it ends, measured by the server just now. */
  remainingMs: number
}

export type SessionKind = 'shell' | 'exec' | 'sql' | 'files' | 'forward'

/** What is asked for once someone is through a door. */
export type How =
  | { kind: 'shell' | 'exec'; command?: string; term?: { columns: number; rows: number; name: string } }
  /** `database` as the client named it; `application` is what it calls itself. At most 63 bytes each. */
  | { kind: 'sql'; database: string; application?: string }
  /** By SFTP, or by the command of `scp -O`. */
  | { kind: 'files'; command?: string }
  /** Connections for the person's client, and nothing else. */
  | { kind: 'forward' }

/** A statement that goes to the target now. `n` counts the statements of a session from 1; the same `n` ends it. */
export interface StatementStart {
  n: number
  via: 'simple' | 'extended'
  /** As the client sent it. Passwords in it are masked inside; the door masks nothing. */
  sql: string
  /** Whose SQL it is, where it is not PostgreSQL's: it decides what is a literal. */
  dialect?: 'mysql'
  /** As text; null for SQL's null. Binary values as the door shows them. */
  parameters: readonly (string | null)[]
  /** Sent ahead of an answer that may have changed the encoding in which it was read. */
  unsureEncoding: boolean
  /** Bytes that are no text in the session's encoding stand as `\xHH`. */
  escaped: boolean
  /** Where long text, or text and parameters, are those of the earlier statement `of`. Both stand here nonetheless. */
  again?: { of: number; text: true; parameters: boolean }
}

export interface StatementEnd {
  n: number
  durationMs: number
  /** Rows returned or touched, as the target said; null where it said nothing. */
  rows: number | null
  /** Bytes of the answer. */
  bytes: number
  /** `cut`: the session ended while it ran. */
  outcome: 'ok' | 'failed' | 'cancelled' | 'cut'
  /** The target's command tag: `SELECT 3`. */
  tag?: string
  sqlState?: string
  message?: string
}

/** A piece of what a statement gave back, where policy says that it is kept: what its rows consist of, or one row. Values as text; null is SQL's null. */
export type ResultPart = { columns: readonly { name: string; type: string }[] } | { row: readonly (string | null)[] }

/** What was done to a file, as the wire said it. Bytes of a path that are no UTF-8 stand as U+FFFD. */
export interface FileAct {
  /** Counts the acts of a session from 1. Told twice where it takes time: `open` when it goes to the target, and how it ended. */
  n: number
  op: 'get' | 'put' | 'list' | 'remove' | 'rename' | 'mkdir' | 'rmdir' | 'link' | 'symlink' | 'attributes' | 'copy'
  path: string
  /** The second path of what has two; by `scp -O` the name under which a file passed, `path` being what was asked for. */
  to: string | null
  /** Where in the file a transfer began: it was resumed, or only a part was asked for. */
  from: number
  /** Of contents that passed; null where nothing passes. */
  bytes: number | null
  /** Of contents that passed, in hex; null where they did not pass from one end to the other in order. */
  sha256: string | null
  /** `cut`: the session ended before it did. */
  outcome: 'open' | 'ok' | 'failed' | 'cut'
  /** What the target said to a failure, or why it did not get to it. */
  message: string | null
}

/** What would be done with one file, for policy. */
export interface FileAsked {
  op: FileAct['op']
  /** Whole, without `..`; undefined where the door cannot tell which file it is. */
  path: string | undefined
  /** The other path that it may be, where the target alone knows which of both: a name in the folder that `path` may be. */
  or?: string
  /** Of contents that pass with it, where that is known. */
  bytes: number
  /** It belongs to a `put` that goes on, and to which somebody else said yes: nobody is asked once more. What policy refuses stays refused. */
  allowedWithPut?: true
}

/** While somebody else is asked: `tell` reaches the person, and `signal` takes back what they wanted to do. */
export interface Meanwhile {
  tell?: (sentence: string) => void
  signal?: AbortSignal
}

/**
 * Asks policy before the target hears of it. A yes is good for fewer than `until` bytes; null: for any number. `asked`: somebody else gave it. `only`:
 * nothing happens yet, the answer is all that is wanted.
 */
export type JudgeFile = (asked: FileAsked, how?: Meanwhile & { only?: true }) => Promise<Result<FilePasses, Refusal>>

export interface FilePasses {
  until: number | null
  asked?: true
}

/** A text of statements, for policy. `sure`: it was read as the target reads it. */
export interface QueryAsked {
  dialect: 'postgres' | 'mysql'
  sql: string
  sure: boolean
  /** Nothing is done yet: the target keeps it, and is told later to run it. */
  kept?: true
  /** It was kept, and is run with these values, as people read them. */
  values?: readonly (string | null)[]
}

/** Asks policy before the target gets it. A yes to `each` is for keeping it alone: each run of it is asked about, with its values. */
export type JudgeQuery = (asked: QueryAsked, how?: Meanwhile) => Promise<Result<{ each: true } | undefined, Refusal>>

/** The code of a refusal where the person no longer wanted what was asked about. */
export const takenBack = 'session.act_taken_back'

/** One connection to carry: the target opens it to `host:port` (local), or took it where it listens there (remote). `from`: who connected. */
export interface Forward {
  direction: 'local' | 'remote'
  host: string
  port: number
  from: string
}

/** How a carried connection ended; bytes from the person's side, and to it. */
export interface Forwarded {
  outcome: 'closed' | 'failed' | 'cut'
  sent: number
  received: number
  message?: string
}

export type CutReason =
  | 'database_away'
  | 'spool_full'
  | 'grant_ended'
  | 'duration_over'
  | 'ended_by_officer'
  /** It was said that an officer ended it, and the keeper could not be asked. */
  | 'ended_unattested'
  | 'idle'
  | 'recording_failed'
  | 'not_understood'
  | 'policy_changed'
  | 'shutting_down'

/** Where a session's bytes are written down. Each call returns at once; `pressure()` tells when to hold back. */
export interface Recorder {
  /** Bytes from the target to the person, as shown. */
  output(bytes: Uint8Array): void
  /** Bytes from the person to the target; proven or not is decided inside, by what the target echoes. */
  input(bytes: Uint8Array): void
  resize(columns: number, rows: number): void
  /** Call it before the target can get the statement: a gateway that is killed in between leaves a trace of it. */
  statementStarted(statement: StatementStart): void
  statementEnded(end: StatementEnd): void
  /** Between a statement's start and its end. `read` is called later, off the way; undefined where what passed is not understood. */
  resultPassed(n: number, read: () => ResultPart | undefined): void
  /** Call it with `open` before the target can get the request. */
  file(act: FileAct): void
  /** Resolves when what is pending fell below the bound; undefined when there is nothing to wait for. */
  pressure(): Promise<void> | undefined
}

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
  /** What is asked about each file; undefined where policy has nothing to say of any in this session. */
  readonly judgeFile?: JudgeFile | undefined
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
  }): Promise<void>
}

export interface SessionHost {
  /** First factor: is this public key (raw SSH wire blob) a key of the person named in the attempt? Records refusals. */
  recogniseKey(attempt: Attempt, algorithm: string, publicKey: Uint8Array): Promise<Result<Recognised, Refusal>>
  /** First factor: is this the password of the person named in the attempt? The same tries and locks as in the console. Records refusals. */
  recognisePassword(attempt: Attempt, password: string): Promise<Result<Recognised, Refusal>>
  /**
   * Short-lived certificate from `claviger login`: `certificate` is the whole wire blob, `signed` the bytes that the client signed
   * (RFC 4252 section 7) and `signature` the bare signature over them: 64 bytes for Ed25519, the RSA integer, or the SSH pair
   * `string r | string s` for ECDSA; the door has checked it against the certificate's own key. Checked again by the keeper.
   */
  recogniseCertificate(
    attempt: Attempt,
    certificate: Uint8Array,
    signed: Uint8Array,
    signature: Uint8Array,
  ): Promise<Result<Admitted, Refusal>>
  /**
   * Instead of a code: a link that the person confirms in the console with one. The same for everybody, whether or not there is such a person. `client` is what
   * theirs calls itself. How many wait is bounded inside.
   */
  offerLink(attempt: Attempt, client: string, recognised?: Recognised): Promise<Result<OfferedLink, Refusal>>
  /** Second factor: a TOTP code, accepted once. Wrong codes count towards the lock. */
  admit(recognised: Recognised, code: string): Promise<Result<Admitted, Refusal>>
  /**
   * Both at once, where a client cannot be asked: a connection ticket, which a person got after the second factor, for one grant
   * and one address. Good for any number of connections until it expires. Consumes `ticket`. Records refusals; guessing is braked inside.
   */
  recogniseTicket(attempt: Attempt, ticket: Secret): Promise<Result<{ admitted: Admitted; grant: Grant }, Refusal>>
  /** The running grant of this person for this account, if there is one. */
  findGrant(admitted: Admitted): Promise<Result<Grant | undefined, Refusal>>
  /** Files a request in place. `approvers` is for the line "waiting for approval by …". */
  requestInPlace(admitted: Admitted): Promise<Result<{ request: RequestId; approvers: readonly string[]; link: string }, Refusal>>
  /** Waits for the decision; a refusal when denied, expired, withdrawn or aborted (aborting withdraws nothing). */
  awaitDecision(request: RequestId, signal: AbortSignal): Promise<Result<Grant, Refusal>>
  /** Starts the recording, sequences the intent, takes the credential. Whatever fails, nothing is left running. Somebody else may have to be asked about a command. */
  open(admitted: Admitted, grant: Grant, how: How, meanwhile?: Meanwhile): Promise<Result<LiveSession, Refusal>>
  /** Records an attempt that did not even parse (malformed user name, unknown method), bounded and rate limited inside. */
  malformed(door: Door, from: string, what: string): void
  /** Records an act that a door does not carry (port forwarding, file transfer, a bad signature) by someone who said who they are. Bounded and rate limited inside. */
  refused(attempt: Attempt, what: string): void
}
