import type { Credential, CredentialKind, Login, PinnedIdentity, TargetKind } from '../contract.ts'

/** A credential that is known to the test: a fresh `Secret` at each call, since whoever gets one may wipe it. */
export type Known = () => Credential

/** Somebody at the address of a target who is not it. */
export interface Impostor {
  /** Behind "an impostor that": `asks for the password in clear text`. */
  what: string
  /** Starts it on a free port of 127.0.0.1. `heard` is all that it was sent, as it lay on the wire or under its own TLS. */
  start(): Promise<{ port: number; heard(): Buffer; stop(): Promise<void> }>
}

/** A real server of a kind, with everything that the suite needs to do to it past our own code. */
export interface RunningTarget {
  /** Where it is and how it is reached: what `kind.open` takes. */
  settings: { host: string; port: number } & Record<string, unknown>
  identity: PinnedIdentity
  /** Fits the settings, and is not the server's: the same fields with other values. */
  wrongIdentity: PinnedIdentity
  /** The account with which Claviger would manage it. */
  manager(): Login<CredentialKind>
  /** May log in and has no right over another account. */
  powerless(): Login<CredentialKind>
  /** Makes an account that discovery lists, and that `credential` opens. `name` is unused so far and plain: letters and digits. */
  addAccount(name: string, credential: Credential): Promise<void>
  /** Takes it away, on the server itself. */
  removeAccount(name: string): Promise<void>
  /** Locks it on the server itself; the credential stays what it was. Left out where the kind knows no such thing. */
  lock?(name: string): Promise<void>
  unlock?(name: string): Promise<void>
  /** Takes its rights over other accounts away, on the server itself; it still logs in with the same credential. */
  disarm?(name: string): Promise<void>
  /** A credential that the kind can take, another one at each call. */
  fresh(): Known
  /** A new credential that the server's own policy refuses, with settings where it takes others than usual. `end` takes the policy back. */
  refused?(): Promise<{ settings?: Record<string, unknown>; next: Credential; end?(): Promise<unknown> }>
  impostors: readonly Impostor[]
  /** Opens a session as people do, and tells when it ended. */
  openSession?(login: Login<CredentialKind>): Promise<{ ended: Promise<void> }>
  /** Stops it and starts it again on the same port with the same data. */
  restart?(): Promise<void>
  /** Stops it; what is answered starts it again on the same port with the same data. */
  down?(): Promise<() => Promise<void>>
  /** All that it wrote into its logs. */
  logs?(): string
  stop(): Promise<void>
}

/** What a kind's `contract.real.test.ts` hands to the suite. */
export interface KindHarness {
  kind: TargetKind
  start(): Promise<RunningTarget>
}
