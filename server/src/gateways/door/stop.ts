import type { CutReason } from '../contract.ts'

/** Why a session's carrying stops: it is cut, or the person is gone (`closed`). */
export type StopReason = CutReason | 'closed'

/** Turned once, by whoever comes first: the deadline, an officer, the idle watch, the person, the process. */
export interface Stop {
  now(reason: StopReason): void
  readonly reason: StopReason | undefined
  readonly signal: AbortSignal
  /** Settles when it was turned. */
  readonly turned: Promise<StopReason>
}

export function createStop(): Stop {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<StopReason>()
  let first: StopReason | undefined
  return {
    now(reason) {
      if (first) return
      first = reason
      resolve(reason)
      controller.abort()
    },
    get reason() {
      return first
    },
    signal: controller.signal,
    turned: promise,
  }
}
