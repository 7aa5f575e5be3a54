import type { CutReason } from '../../gateways/contract.ts'
import type { GrantId, SessionId } from '../../kernel/id.ts'

/** How a running session is reached. */
export interface Reached {
  grant: GrantId
  /** When its grant ends, as far as the session knows. */
  readonly endsAt: Date
  cut(reason: CutReason): void
  /** Somebody ordered its end, or says so. */
  ordered(): void
  /** Somebody watches it, or ordered something of it. */
  attend(): void
  /** Policies were changed: they may look at what is done in it now. */
  look(): void
  /** Its grant ends later than it knew. */
  extend(endsAt: Date): void
}

/** The sessions that this gateway carries, so that what happens elsewhere reaches them. */
export interface RunningSessions {
  add(session: SessionId, reached: Reached): () => void
  /** The end of one of them was ordered, or of any with ''; it may not be here yet, or not come here. */
  endOrdered(session: string): void
  /** One of them, or with '' all. */
  attend(session: string): void
  /** Policies were changed, or may have been. */
  policiesChanged(): void
  /** How often that was so. */
  readonly policies: number
  grants(): GrantId[]
  of(grant: string): Reached[]
  sessions(): SessionId[]
  has(session: string): boolean
}

/** Sessions that are carried elsewhere are ordered to end too: of those that are not known here so many are remembered. */
const mostEarly = 1000

export function createRunningSessions(): RunningSessions {
  const running = new Map<SessionId, Reached>()
  const of = (grant: string) => [...running.values()].filter((reached) => reached.grant === grant)
  /** Ends that were ordered while their session was still being opened. */
  const early = new Set<string>()
  let policies = 0
  return {
    add(session, reached) {
      running.set(session, reached)
      if (early.delete(session)) reached.ordered()
      return () => running.delete(session)
    },
    endOrdered(session) {
      if (session === '') {
        for (const reached of running.values()) reached.ordered()
        return
      }
      const known = running.get(session as SessionId)
      if (known) return known.ordered()
      early.add(session)
      const [oldest] = early
      if (early.size > mostEarly && oldest !== undefined) early.delete(oldest)
    },
    attend(session) {
      for (const [id, reached] of running) if (session === '' || session === id) reached.attend()
    },
    policiesChanged() {
      policies += 1
      for (const reached of running.values()) reached.look()
    },
    get policies() {
      return policies
    },
    of,
    grants: () => [...new Set([...running.values()].map((r) => r.grant))],
    sessions: () => [...running.keys()],
    has: (session) => running.has(session as SessionId),
  }
}
