import type { LoginKind, ProofKind } from '../kernel/credential-kinds.ts'
import type { Result } from '../kernel/result.ts'
import type { Secret } from '../kernel/secret.ts'

/** What proves an account on a target and is made, set and tried by us. An account may have one credential of each kind. */
export type CredentialKind = LoginKind

/**
 * One credential as bytes. `password`: UTF-8 text. `ssh-key`: an OpenSSH private key in PEM, without passphrase;
 * `publicKey` is its `ssh-ed25519 AAAA…` line, which is no secret. `tls`: a certificate, those that it rests on and its private key
 * in PEM; only kinds that say so (`broughtKinds`) get one, and never to set it.
 */
export interface Credential<K extends ProofKind = CredentialKind> {
  kind: K
  secret: Secret
  publicKey?: string
  /** Of an `ssh-key` with which nobody is let in by itself: its certificate, `ssh-ed25519-cert-v01@openssh.com AAAA…`. */
  certificate?: string
}

/** Who we are on the target: with what we make, or with what people bring in. The kind wipes nothing: the caller owns the credential. */
export interface Login<K extends ProofKind = ProofKind> {
  account: string
  credential: Credential<K>
}

/** What the target proved about itself, pinned by an administrator. Kinds give it meaning; the rest of the server compares bytes. */
export type PinnedIdentity = { readonly [key: string]: string }

/** A TCP connection that the dialer allowed. The only way in which a kind reaches the network. */
export type Dial = (
  host: string,
  port: number,
) => Promise<Result<import('node:net').Socket, { code: 'target.unreachable'; detail: string }>>
