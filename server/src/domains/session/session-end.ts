import type { CutReason } from '../../gateways/contract.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { GrantId, SessionId } from '../../kernel/id.ts'
import type { RunningSessions } from './running-sessions.ts'

/** When and why a running session ends: its grant's end, which can be moved to later, and whoever cuts it before. */
export interface SessionEnd {
  /** Milliseconds from now to the end of the grant. */
  remainingMs(): number
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
  until: Date,
  attend: () => void,
): SessionEnd {
  let endsAt = until
  let cutFor: CutReason | undefined
  const cuts: ((reason: CutReason) => void)[] = []
  const extensions: ((remainingMs: number) => void)[] = []
  const remainingMs = () => endsAt.getTime() - clock.now().getTime()
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
    attend,
    extend(later) {
      if (later <= endsAt) return
      endsAt = later
      for (const callback of extensions) callback(remainingMs())
    },
  })
  return {
    remainingMs,
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
