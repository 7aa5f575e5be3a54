/** What an administrator pinned: the only host key that this server may prove. */
export interface PinnedHostKey {
  /** The key's type as its blob names it: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`. */
  algorithm: string
  /** `SHA256:…` of the key's blob, as ssh-keygen -l shows it. */
  fingerprint: string
}

/** Signature algorithms by key type. An RSA key signs with SHA-2 only (RFC 8332): SHA-1 would be a downgrade. */
const signaturesOf: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
}

/** What to offer so that only a key of the pinned type can be presented; undefined for a type that we do not know. */
export const offerFor = (algorithm: string): readonly string[] | undefined =>
  Object.hasOwn(signaturesOf, algorithm) ? signaturesOf[algorithm] : undefined

/** What to offer when nothing is pinned yet: the types that we know, best first. */
export const everyOffer: readonly string[] = Object.values(signaturesOf).flat()

/** Reads a pinned identity of a target with wire `ssh`; undefined when it is none. */
export function pinnedHostKey(identity: { readonly [key: string]: string }): PinnedHostKey | undefined {
  const { algorithm, fingerprint } = identity
  if (!algorithm || !fingerprint || !offerFor(algorithm) || !/^SHA256:[A-Za-z0-9+/]{43}$/.test(fingerprint)) return undefined
  return { algorithm, fingerprint }
}
