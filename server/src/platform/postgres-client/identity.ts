/*
 * What a PostgreSQL server can prove about itself:
 *
 * - proof `tls-certificate`, `certificate`: SHA-256 of its certificate, shown before anything is sent
 * - proof `scram-server-signature`: that it holds the verifier of our password, shown during the login (lab, without TLS).
 *   It can only be seen by logging in, so there is nothing to pin but the method: an administrator pins "SCRAM or nothing".
 * - `systemIdentifier`, optional with either: the cluster's own number, read after the login. It tells a restored copy or
 *   another cluster with the same passwords apart; it is no proof by itself.
 */
export type PostgresIdentity = { systemIdentifier?: string } & (
  | { proof: 'tls-certificate'; certificate: string }
  | { proof: 'scram-server-signature' }
)

/** Reads what was pinned; undefined when it does not fit the settings, which then refuses every login. */
export function readIdentity(pinned: { readonly [key: string]: string }, tls: string): PostgresIdentity | undefined {
  const { proof, certificate, systemIdentifier } = pinned
  const cluster = systemIdentifier === undefined ? {} : { systemIdentifier }
  if (proof === 'tls-certificate' && tls === 'verify' && certificate) return { proof, certificate, ...cluster }
  if (proof === 'scram-server-signature' && tls === 'off-scram') return { proof, ...cluster }
  return undefined
}
