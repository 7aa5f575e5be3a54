import type { RequestId } from '../../kernel/id.ts'
import type { Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { How } from './acts.ts'
import type { Meanwhile } from './judging.ts'
import type { LiveSession } from './live-session.ts'
import type { Admitted, Attempt, Door, Grant, OfferedLink, Recognised, Refusal } from './who.ts'

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
