import { hash, verify } from '@node-rs/argon2'
import { randomToken } from '../../platform/crypto/random.ts'

/** argon2id with the first choice of the OWASP cheat sheet: 19 MiB, two passes, one lane. Some 40 ms, off the event loop. */
const argon2id = 2
const parameters = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const
const ours = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22,43}\$[A-Za-z0-9+/]{43}$/

/** Each takes 19 MiB while it runs, four at a time run: more than this many waiting are turned away. */
const mostWaiting = 64

export interface Passwords {
  /** The verifier of a new password, in PHC form. */
  verifierOf(password: string): Promise<string>
  /**
   * Takes the same work whether or not there is a verifier, so that its time does not tell which names exist.
   * Undefined when too many wait already. A verifier with other parameters than ours matches nothing: it would cost what its author likes.
   */
  matches(verifier: string | undefined, password: string): Promise<boolean | undefined>
}

export async function createPasswords(): Promise<Passwords> {
  const nobodys = await hash(randomToken(), parameters)
  let waiting = 0
  return {
    verifierOf: (password) => hash(password.normalize('NFC'), parameters),
    async matches(verifier, password) {
      if (waiting >= mostWaiting) return undefined
      waiting++
      try {
        const usable = verifier !== undefined && ours.test(verifier)
        const same = await verify(usable ? verifier : nobodys, password.normalize('NFC'))
        return usable && same
      } finally {
        waiting--
      }
    },
  }
}
