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
  begun(connection: number, attempt: Attempt, onTarget: number, takeBack: () => boolean): void
  over(connection: number): void
  /** The target's number, for somebody at the same account; `no` where it is another's; undefined where it is none of ours. */
  resolve(connection: number, by: Attempt): number | 'no' | undefined
  /** Takes back what is asked about there; false where nothing is, or it is not theirs. */
  takeBack(connection: number, by: Attempt): boolean
}

const base = 0x4000_0000

const topic = 'mysql.connection'
const takingBack = 'mysql.take-back'

interface Begun {
  connection: number
  attempt: Attempt
  onTarget: number
}

const same = (a: Attempt, b: Attempt) => a.person === b.person && a.account === b.account && a.target === b.target

/** Processes that share the door tell each other: the second connection may come to another one. */
export function createConnectionIds(chorus: Chorus = alone): ConnectionIds {
  const running = new Map<number, Omit<Begun, 'connection'>>()
  /** Of those that are carried here. */
  const here = new Map<number, () => boolean>()
  chorus.hear(topic, ({ connection, ...begun }: Begun | { connection: number }) => {
    if ('attempt' in begun) running.set(connection, begun)
    else running.delete(connection)
  })
  const takeBack = (connection: number, by: Attempt): boolean => {
    const found = running.get(connection)
    return found !== undefined && same(found.attempt, by) && (here.get(connection)?.() ?? false)
  }
  chorus.hear(takingBack, ({ connection, by }: { connection: number; by: Attempt }) => void takeBack(connection, by))
  return {
    issue: () => base + (randomSecretBytes(4).readUInt32BE() >>> 2),
    begun(connection, attempt, onTarget, back) {
      running.set(connection, { attempt, onTarget })
      here.set(connection, back)
      chorus.say(topic, { connection, attempt, onTarget } satisfies Begun)
    },
    over(connection) {
      running.delete(connection)
      here.delete(connection)
      chorus.say(topic, { connection })
    },
    resolve(connection, by) {
      const found = running.get(connection)
      if (!found) return connection >= base && connection < 2 * base ? 'no' : undefined
      return same(found.attempt, by) ? found.onTarget : 'no'
    },
    takeBack(connection, by) {
      if (here.has(connection)) return takeBack(connection, by)
      // whoever carries it takes it back; the target is told too, in case that it runs
      if (running.has(connection)) chorus.say(takingBack, { connection, by })
      return false
    },
  }
}
