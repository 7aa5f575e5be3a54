import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { KeeperKeys } from '../keys.ts'

/** From when a passkey is asked for something until its answer is here: a person has to find it and touch it. */
export const challengeMs = 2 * 60_000

const timeBytes = 8
const nonceBytes = 16
const macBytes = 32
const bytes = timeBytes + nonceBytes + macBytes

export interface For {
  person: string
  /** Of the person's row, so that whatever happens to it voids the question. */
  revision: number
  /** SHA-256, hex, of what is to be done. */
  act: string
}

/** What an authenticator signs: when it was asked, a nonce, and a MAC over those, the person and the very act. Nothing has to be remembered until it is answered. */
export interface PasskeyChallenges {
  make(what: For): string
  /** Whether this was asked of this person for exactly this act, lately, and since this keeper has its keys: it remembers only from then on what was spent. */
  check(challenge: string, what: For): 'good' | 'old' | 'other'
}

export function createPasskeyChallenges(deps: {
  keys: KeeperKeys
  epoch: () => number
  openedAt: Date
  now: () => Date
}): PasskeyChallenges {
  const { keys, epoch, openedAt, now } = deps
  const parts = ({ person, revision, act }: For, head: Buffer): [string, ...string[]] => [
    'passkey challenge',
    person,
    String(revision),
    String(epoch()),
    act,
    head.toString('hex'),
  ]
  return {
    make(what) {
      const time = Buffer.alloc(timeBytes)
      time.writeBigUInt64BE(BigInt(now().getTime()))
      const head = Buffer.concat([time, randomSecretBytes(nonceBytes)])
      return Buffer.concat([head, keys.mac(...parts(what, head))]).toString('base64url')
    },
    check(challenge, what) {
      const given = Buffer.from(challenge, 'base64url')
      if (given.length !== bytes || given.toString('base64url') !== challenge) return 'other'
      const head = given.subarray(0, timeBytes + nonceBytes)
      if (!keys.hasMac(given.subarray(timeBytes + nonceBytes), ...parts(what, head))) return 'other'
      const askedAt = Number(head.readBigUInt64BE(0))
      return askedAt < openedAt.getTime() || now().getTime() - askedAt >= challengeMs ? 'old' : 'good'
    },
  }
}
