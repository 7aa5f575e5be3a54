/*
 * Terminology
 *
 * - control: something that must go on for Claviger to keep its promises: a process, the sequencer, the jobs, the recorder, the clock
 * - beat: a part's word, every few seconds, how long ago each of its controls was last seen to work
 * - silent: not seen for longer than a control may be; that is an alarm, with a beginning, an end and a cause
 */

/** How long ago a control was last seen to work, and what is known of why it was not since. */
export interface Beat {
  agoMs: number
  cause?: string
}
/** The beats of one part, by control. */
export type Beats = Readonly<Record<string, Beat>>

export const beatEveryMs = 5_000
/** Silence of this length is an alarm: with the time until somebody looks it stays well below two minutes. */
export const silentAfterMs = 30_000

/** One control as its node sees it. Times are ISO. */
export interface ControlState {
  control: string
  /** Which process keeps it going. */
  part: string
  lastSeenAt: string
  agoMs: number
  silent: boolean
  cause: string | null
}

/** One silence: from when it began until it ended. `id` is the same in every report of it. */
export interface Silence {
  id: string
  control: string
  since: string
  noticedAt: string
  cause: string
  until: string | null
}

/** What the watcher tells the process that keeps the ledger. */
export interface Watched {
  node: string
  controls: readonly ControlState[]
  silences: readonly Silence[]
}
