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

/** `most`: how many cancels may be on their way at the same time. For one session it is one. */
export function createCancelKeys(most: number): CancelKeys {
  const sessions = new Map<number, { secret: Buffer; cancel: () => Promise<void>; under: boolean }>()
  let underWay = 0
  return {
    issue(cancel) {
      let processId: number
      do processId = randomSecretBytes(4).readUInt32BE() >>> 1
      while (sessions.has(processId))
      const secret = randomSecretBytes(4)
      sessions.set(processId, { secret, cancel, under: false })
      return { key: { processId, secret }, revoke: () => void sessions.delete(processId) }
    },
    async use({ processId, secret }) {
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
    },
  }
}
