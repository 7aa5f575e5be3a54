import type { CutReason } from '../../gateways/contract.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { GrantId, SessionId } from '../../kernel/id.ts'
import type { RunningSessions } from './running-sessions.ts'

/** When and why a running session ends: its grant's end or the longest that it may last, which can be moved to later, and whoever cuts it before. */
export interface SessionEnd {
  /** Milliseconds from now to its end. */
  remainingMs(): number
  /** Which end that is. */
  endsFor(): 'grant_ended' | 'duration_over'
  cut(reason: CutReason): void
  onCut(callback: (reason: CutReason) => void): void
  onExtended(callback: (remainingMs: number) => void): void
  /** What happens elsewhere no longer reaches it. */
  leave(): void
}

export function watchEnd(
  { running, clock }: { running: RunningSessions; clock: Clock },
  session: SessionId,
  grant: GrantId,
  { until, longestMs }: { until: Date; longestMs: number },
  reach: { attend(): void; look(): void; ordered(): void },
): SessionEnd {
  let endsAt = until
  let cutFor: CutReason | undefined
  const cuts: ((reason: CutReason) => void)[] = []
  const extensions: ((remainingMs: number) => void)[] = []
  /** By our own clock: no change of the wall's moves it. */
  let over = clock.monotonic() + longestMs
  const ofGrant = () => endsAt.getTime() - clock.now().getTime()
  const ofSession = () => over - clock.monotonic()
  const remainingMs = () => Math.min(ofGrant(), ofSession())
  const cut = (reason: CutReason): void => {
    cutFor ??= reason
    for (const callback of cuts) callback(reason)
  }
  const leave = running.add(session, {
    grant,
    get endsAt() {
      return endsAt
    },
    cut,
    ...reach,
    extend(later) {
      if (later <= endsAt) return
      endsAt = later
      // somebody agreed to it anew
      over = clock.monotonic() + longestMs
      for (const callback of extensions) callback(remainingMs())
    },
  })
  return {
    remainingMs,
    endsFor: () => (ofSession() < ofGrant() ? 'duration_over' : 'grant_ended'),
    cut,
    leave,
    onCut(callback) {
      cuts.push(callback)
      // whoever listens late hears of it too
      if (cutFor) callback(cutFor)
    },
    onExtended: (callback) => void extensions.push(callback),
  }
}
