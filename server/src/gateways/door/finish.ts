import type { CutReason, LiveSession } from '../contract.ts'
import type { StopReason } from './stop.ts'

/** Two clocks that end the same grant may differ by so much. */
const slackMs = 1_000

/**
 * How long a statement that runs may go on, in milliseconds: what policy says when the time is simply up, and nothing when somebody ended
 * the session or its grant before its time.
 */
export const finishMs = (reason: StopReason, { terms, remainingMs }: Pick<LiveSession, 'terms' | 'remainingMs'>): number =>
  (reason === 'grant_ended' || reason === 'duration_over') && remainingMs <= slackMs ? terms.finishMs : 0

/** What ends a session in spite of a statement that may still finish. Its grant's end is why it finishes. */
export const hurries = (reason: CutReason): boolean => reason !== 'grant_ended' && reason !== 'duration_over'
