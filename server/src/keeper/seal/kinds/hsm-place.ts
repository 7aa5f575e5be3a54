import type { Result } from '../../../kernel/result.ts'
import type { Secret } from '../../../kernel/secret.ts'
import type { TokenPlace } from '../../../platform/pkcs11/token.ts'

/** The token of this installation, as the operator named it. */
export interface HsmPlace extends TokenPlace {
  /** Reads the PIN anew: somebody may have put another one there. The caller wipes it. A sentence where it cannot. */
  pin: () => Result<Secret, string>
  /** Where it is read from, for sentences. */
  pinIn: string
}
