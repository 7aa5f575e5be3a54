import type { PasskeyAlgorithm } from '../../../platform/crypto/passkey-key.ts'

/** COSE's numbers (RFC 9053): in the order in which we like them. */
export const algorithmNumbers: readonly (readonly [number, PasskeyAlgorithm])[] = [
  [-7, 'ES256'],
  [-8, 'EdDSA'],
  [-257, 'RS256'],
]
