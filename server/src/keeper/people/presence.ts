import { ok, type Result } from '../../kernel/result.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { KeeperKeys } from '../keys.ts'
import { refuse } from '../refuse.ts'

/** As long as a sign-in may last. */
const validMs = 8 * 3600_000

export interface Present {
  person: string
  /** Of the person's row when it was given: a later one (disabled, enabled again, reset) voids it. */
  revision: number
  /** When the factor was shown. */
  at: Date
  until: Date
}

/** The keeper's word that a person showed a second factor. Opaque to everyone else, void after eight hours or with the epoch. */
export interface Presences {
  /** `shown`: when the factor was shown, when that was not now; `until`: sooner than usual. */
  give(who: { person: string; revision: number }, since?: { shown: Date; until?: Date }): { presence: string; expiresAt: string }
  /** Of the token alone. What opens something asks `whoIsPresent`, which looks at the person too. */
  check(token: string): Result<Present, KeeperRefusal>
}

export function createPresences(deps: { keys: KeeperKeys; epoch: () => number; now: () => Date }): Presences {
  const { keys, epoch, now } = deps
  const macOf = (...parts: string[]) => keys.mac('presence', ...parts).toString('base64url')
  return {
    give({ person, revision }, since) {
      const at = since?.shown ?? now()
      const expires = new Date(Math.min(at.getTime() + validMs, since?.until?.getTime() ?? Number.POSITIVE_INFINITY))
      const parts = [person, String(revision), String(epoch()), String(at.getTime()), String(expires.getTime()), randomToken(9)]
      return { presence: [...parts, macOf(...parts)].join('.'), expiresAt: expires.toISOString() }
    },
    check(token) {
      const [person = '', revision = '', inEpoch = '', at = '', expires = '', nonce = '', mac = ''] = token.split('.')
      const ours = keys.hasMac(Buffer.from(mac, 'base64url'), 'presence', person, revision, inEpoch, at, expires, nonce)
      if (!ours) return refuse('presence.invalid', 'Sign in again: this sign-in was not given by this keeper.')
      if (Number(inEpoch) !== epoch())
        return refuse('presence.expired', 'Sign in again: the ledger began a new epoch, which voids what was given before.')
      if (Number(expires) <= now().getTime()) return refuse('presence.expired', 'Sign in again: this sign-in is older than it may be.')
      return ok({ person, revision: Number(revision), at: new Date(Number(at)), until: new Date(Number(expires)) })
    },
  }
}
