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

export function createRunningSessions(): RunningSessions {
  const running = new Map<SessionId, { grant: GrantId; cut: (reason: CutReason) => void }>()
  return {
    add(session, grant, cut) {
      running.set(session, { grant, cut })
      return () => running.delete(session)
    },
    cut: (session, reason) => running.get(session as SessionId)?.cut(reason),
    cutGrant(grant, reason) {
      for (const entry of running.values()) if (entry.grant === grant) entry.cut(reason)
    },
    grants: () => [...new Set([...running.values()].map((r) => r.grant))],
    sessions: () => [...running.keys()],
    has: (session) => running.has(session as SessionId),
  }
}
