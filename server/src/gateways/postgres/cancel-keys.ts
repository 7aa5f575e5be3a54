import { alone, type Chorus } from '../../platform/crew/index.ts'
import { sameBytes } from '../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { CancelKey } from '../../protocols/postgres/index.ts'

/** The keys by which clients cancel their statements: ours, and never those of the targets. */
export interface CancelKeys {
  /** A key for one session; `cancel` is called when somebody comes with it. */
  issue(cancel: () => Promise<void>): { key: CancelKey; revoke(): void }
  /** Somebody came with a key. Nobody is told whether it fits. */
  use(key: CancelKey): Promise<void>
}

/** A process number tells whose key it is, in its lowest bits: the client comes anew, and whichever process takes that connection passes it on. */
const membersMost = 16
const topic = 'postgres.cancel'

/** `most`: how many cancels may be on their way at the same time. For one session it is one. */
export function createCancelKeys(most: number, chorus: Chorus = alone): CancelKeys {
  const sessions = new Map<number, { secret: Buffer; cancel: () => Promise<void>; under: boolean }>()
  let underWay = 0
  const use = async (processId: number, secret: Uint8Array): Promise<void> => {
    const session = sessions.get(processId)
    if (!session || session.under || underWay >= most || !sameBytes(session.secret, secret)) return
    session.under = true
    underWay += 1
    try {
      await session.cancel()
    } finally {
      session.under = false
      underWay -= 1
    }
  }
  chorus.hear(topic, ({ processId, secret }: { processId: number; secret: string }) => void use(processId, Buffer.from(secret, 'hex')))
  return {
    issue(cancel) {
      let processId: number
      do processId = (randomSecretBytes(4).readUInt32BE() >>> 5) * membersMost + chorus.index
      while (sessions.has(processId))
      const secret = randomSecretBytes(4)
      sessions.set(processId, { secret, cancel, under: false })
      return { key: { processId, secret }, revoke: () => void sessions.delete(processId) }
    },
    async use({ processId, secret }) {
      const whose = processId % membersMost
      if (whose === chorus.index) return await use(processId, secret)
      chorus.say(topic, { processId, secret: Buffer.from(secret).toString('hex') }, whose)
    },
  }
}
