import type { CutReason } from '../../gateways/contract.ts'
import type { GrantId, SessionId } from '../../kernel/id.ts'

/** The sessions that this gateway carries, so that an end from elsewhere reaches them. */
export interface RunningSessions {
  add(session: SessionId, grant: GrantId, cut: (reason: CutReason) => void): () => void
  cut(session: string, reason: CutReason): void
  cutGrant(grant: string, reason: CutReason): void
  grants(): GrantId[]
  sessions(): SessionId[]
  has(session: string): boolean
}

/** Sessions that are carried elsewhere are ordered to end too: of those that are not known here so many are remembered. */
const mostEarly = 1000

export function createRunningSessions(): RunningSessions {
  const running = new Map<SessionId, { grant: GrantId; cut: (reason: CutReason) => void }>()
  /** Ends that were ordered while their session was still being opened. */
  const early = new Map<string, CutReason>()
  return {
    add(session, grant, cut) {
      running.set(session, { grant, cut })
      const ordered = early.get(session)
      early.delete(session)
      if (ordered) cut(ordered)
      return () => running.delete(session)
    },
    cut(session, reason) {
      const known = running.get(session as SessionId)
      if (known) return known.cut(reason)
      early.set(session, reason)
      const [oldest] = early.keys()
      if (early.size > mostEarly && oldest !== undefined) early.delete(oldest)
    },
    cutGrant(grant, reason) {
      for (const entry of running.values()) if (entry.grant === grant) entry.cut(reason)
    },
    grants: () => [...new Set([...running.values()].map((r) => r.grant))],
    sessions: () => [...running.keys()],
    has: (session) => running.has(session as SessionId),
  }
}
