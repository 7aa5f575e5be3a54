import { hash, verify } from '@node-rs/argon2'
import { fipsInForce } from '../../platform/crypto/fips.ts'
import { sameBytes } from '../../platform/crypto/hash.ts'
import { randomSecretBytes, randomToken } from '../../platform/crypto/random.ts'
import { stretch } from '../../platform/crypto/stretch.ts'

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
  /**
   * The verifier that this password would have after `opening`, which is a verifier without its last part: for who may not see the whole.
   * The same work whether or not there is an opening; without one of ours, a verifier that is nobody's. Undefined when too many wait already.
   */
  verifierAfter(opening: string | undefined, password: string): Promise<string | undefined>
}

/** One way to make verifiers; those of the other match nothing. */
interface Way {
  ours: RegExp
  make(password: string, salt?: Buffer): Promise<string>
  check(verifier: string, password: string): Promise<boolean>
}

/** argon2id with the first choice of the OWASP cheat sheet: 19 MiB, two passes, one lane. Some 40 ms, off the event loop. */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const
const argon2id: Way = {
  ours: /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22,43}\$[A-Za-z0-9+/]{43}$/,
  make: (password, salt) => hash(password, salt ? { ...parameters, salt } : parameters),
  check: verify,
}

/** In the FIPS profile: PBKDF2 as `stretch` does it, some 200 ms, off the event loop. */
export const pbkdf2: Way = {
  ours: /^\$pbkdf2-sha256\$i=600000\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
  async make(password, salt = randomSecretBytes(16)) {
    return `$pbkdf2-sha256$i=600000$${bare(salt)}$${bare(await stretch(Buffer.from(password), salt))}`
  },
  async check(verifier, password) {
    const [salt = '', derived = ''] = verifier.split('$').slice(3)
    return sameBytes(Buffer.from(derived, 'base64'), await stretch(Buffer.from(password), Buffer.from(salt, 'base64')))
  },
}

const bare = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

export async function createPasswords(way: Way = fipsInForce() ? pbkdf2 : argon2id): Promise<Passwords> {
  const nobodys = await way.make(randomToken())
  let waiting = 0
  const inTurn = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (waiting >= mostWaiting) return undefined
    waiting++
    try {
      return await work()
    } finally {
      waiting--
    }
  }
  return {
    verifierOf: (password) => way.make(password.normalize('NFC')),
    matches: (verifier, password) =>
      inTurn(async () => {
        const usable = verifier !== undefined && way.ours.test(verifier)
        const same = await way.check(usable ? verifier : nobodys, password.normalize('NFC'))
        return usable && same
      }),
    verifierAfter: (opening, password) =>
      inTurn(async () => {
        const whole = `${opening}${'A'.repeat(43)}`
        const usable = opening !== undefined && way.ours.test(whole)
        const salt = Buffer.from((usable ? whole : nobodys).split('$').at(-2) ?? '', 'base64')
        return await way.make(password.normalize('NFC'), salt)
      }),
  }
}
