import { sameBytes, sha256 } from '../../platform/crypto/hash.ts'
import { randomToken } from '../../platform/crypto/random.ts'

/**
 * The first run. While it is open, the one-time token that this start made is the authority for making the seal, people, targets and
 * policies. It closes once and for ever; the mark stands in the installation's record, which the database cannot write.
 */
export interface Setup {
  readonly open: boolean
  /** The token of this start, for the supervisor to print. Undefined once the first run is closed. */
  readonly token: string | undefined
  isToken(token: string): boolean
  finish(): Promise<void>
}

export function openSetup(deps: { isOpen: () => boolean; finish: () => Promise<void> }): Setup {
  const token = randomToken(24)
  const hash = sha256(token)
  return {
    get open() {
      return deps.isOpen()
    },
    get token() {
      return deps.isOpen() ? token : undefined
    },
    isToken: (given) => deps.isOpen() && sameBytes(sha256(given), hash),
    finish: deps.finish,
  }
}
