/*
 * What is said between `token.ts` and the errand that speaks with the token (`token-program.ts`), as errand/run-errand.ts frames it: the PIN and the data are
 * its two parts. Types alone: the program is copied out of the clone and imports nothing of ours.
 */

export interface TokenAsk {
  /** `make`: a new wrapping key in the token, and the data wrapped under it. `open`: data that lies wrapped under a key that is there. */
  do: 'make' | 'open'
  /** Path of the PKCS#11 module. */
  module: string
  token: string
  /** The one that it must have; without it the token's name has to be enough. */
  serial?: string | undefined
  /** Hex, CKA_ID of the wrapping key. */
  key: string
  /** Hex, of `open`. */
  iv?: string | undefined
  /** Hex: what the wrapped bytes are bound to. */
  associated: string
  /** The token may say that few tries of the PIN are left: somebody gave a new one since. */
  although: boolean
}

export type TokenFault =
  | 'no_binding'
  | 'no_module'
  | 'no_token'
  | 'two_tokens'
  | 'other_token'
  | 'not_ready'
  | 'pin_wrong'
  | 'pin_low'
  | 'pin_locked'
  | 'no_key'
  | 'does_not_open'
  | 'extractable'
  | 'refused'
  | 'away'

/** Before `login` the token was not given the PIN; between that and `in` it may have counted a try; after it the PIN is right. */
export type TokenLine = { at: 'login' | 'in' } | { ok: true; serial: string; iv: string } | { ok: false; fault: TokenFault; detail: string }
