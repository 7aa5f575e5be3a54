import type { ErrorOf } from '../../kernel/errors.ts'

/** Every way in which an exchange can end badly. All but the first two mean: this is not the server that knows the password. */
interface ScramErrors {
  /** SASLprep (RFC 4013) is the identity on printable ASCII, and our own passwords are that; for others it is not built. */
  'scram.password_not_ascii': Record<never, never>
  /** Fewer rounds make a guess from what a listener saw cheap; very many would keep us busy. */
  'scram.iterations': { asked: number; least: number; most: number }
  'scram.malformed': { detail: string }
  'scram.foreign_nonce': Record<never, never>
  /** The server's `e=` attribute, RFC 5802 section 7, shortened. */
  'scram.refused': { says: string }
  'scram.wrong_signature': Record<never, never>
}
export type ScramError = ErrorOf<ScramErrors>
