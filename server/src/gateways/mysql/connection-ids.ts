import { alone, type Chorus } from '../../platform/crew/index.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { Attempt } from '../contract.ts'

/**
 * Numbers of connections as clients know them from our greeting, which comes before any target has given one. A client cancels by `KILL` with that
 * number, on a second connection of its own; there it becomes the target's. Ours are from a range that a server's own count does not reach.
 */
export interface ConnectionIds {
  issue(): number
  /** The session has the target's number from now on. */
  begun(connection: number, attempt: Attempt, onTarget: number): void
  over(connection: number): void
  /** The target's number, for somebody at the same account; `no` where it is another's; undefined where it is none of ours. */
  resolve(connection: number, by: Attempt): number | 'no' | undefined
}

const base = 0x4000_0000

const topic = 'mysql.connection'

interface Begun {
  connection: number
  attempt: Attempt
  onTarget: number
}

/** Processes that share the door tell each other: the second connection may come to another one. */
export function createConnectionIds(chorus: Chorus = alone): ConnectionIds {
  const running = new Map<number, Omit<Begun, 'connection'>>()
  chorus.hear(topic, ({ connection, ...begun }: Begun | { connection: number }) => {
    if ('attempt' in begun) running.set(connection, begun)
    else running.delete(connection)
  })
  return {
    issue: () => base + (randomSecretBytes(4).readUInt32BE() >>> 2),
    begun(connection, attempt, onTarget) {
      running.set(connection, { attempt, onTarget })
      chorus.say(topic, { connection, attempt, onTarget } satisfies Begun)
    },
    over(connection) {
      running.delete(connection)
      chorus.say(topic, { connection })
    },
    resolve(connection, by) {
      const found = running.get(connection)
      if (!found) return connection >= base && connection < 2 * base ? 'no' : undefined
      const { attempt, onTarget } = found
      const same = attempt.person === by.person && attempt.account === by.account && attempt.target === by.target
      return same ? onTarget : 'no'
    },
  }
}
