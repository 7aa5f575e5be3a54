/** What an authenticator says of itself in an assertion (WebAuthn section 6.1). */
export interface AuthenticatorData {
  /** SHA-256 of the name that it was made for. */
  rpIdHash: Uint8Array
  /** Somebody touched it. */
  userPresent: boolean
  /** It made sure who that is: by a PIN, a finger, a face. */
  userVerified: boolean
  /** How many times it signed; 0 where it does not count. */
  counter: number
}

const length = 37
const flag = { userPresent: 0x01, userVerified: 0x04, attestedData: 0x40, extensions: 0x80 }

/** 32 bytes of hash, a byte of flags, four of counter, and nothing behind them: we ask for no extension, and an assertion carries no key. */
export function readAuthenticatorData(bytes: Uint8Array): AuthenticatorData | undefined {
  if (bytes.length !== length) return undefined
  const flags = bytes[32] ?? 0
  if ((flags & (flag.attestedData | flag.extensions)) !== 0) return undefined
  return {
    rpIdHash: bytes.subarray(0, 32),
    userPresent: (flags & flag.userPresent) !== 0,
    userVerified: (flags & flag.userVerified) !== 0,
    counter: new DataView(bytes.buffer, bytes.byteOffset + 33, 4).getUint32(0),
  }
}
