import type { Loss } from '../losses/loss.ts'
import type { Mark } from './works/work.ts'

/** A recording is at most so far behind life, where the machine is fast enough. */
export const behindMs = 1_000

export interface Recorded {
  verified: { ok: boolean; message: string }
  /** What stands there, in its order, from the first thing that the person noted on. */
  texts: readonly string[]
}

/** What a session came to. */
export interface Outcome {
  session: string
  state: string
  /** Its recording was ended in order: nothing may be missing then. */
  sealed: boolean
}

/**
 * What of all that somebody saw is lost: what is recorded differently; what they saw more than a second before the fault and is not there; and,
 * whenever that was, what they saw more than a second after the first thing that is not there: then something went on unrecorded. `lateMs`: so late was
 * the machine itself meanwhile.
 */
export function lostOf(marks: readonly Mark[], recorded: Recorded, outcome: Outcome, struckAt: number, lateMs = 0): Loss[] {
  const mostMs = behindMs + lateMs
  const losses: Loss[] = []
  const lost = (why: string) => losses.push({ kind: 'recording', what: `${outcome.session} (${outcome.state})`, why })
  if (!recorded.verified.ok) lost(recorded.verified.message)
  const missing = marks.findIndex(({ text }, at) => recorded.texts[at] !== text)
  const [first, last] = [marks[missing], marks.at(-1)]
  if (!first || !last) return losses
  const of = `${missing} of ${marks.length} things that were seen stand in it`
  if (missing < recorded.texts.length) lost(`${of}; then comes ${quoted(recorded.texts[missing])} and not ${quoted(first.text)}`)
  else if (outcome.sealed) lost(`${of}, and it was ended in order`)
  else if (first.at < struckAt - mostMs) lost(`${of}; the next was seen ${ago(struckAt - first.at)} before the fault`)
  else if (last.at - first.at > mostMs) lost(`${of}; what was seen went on for ${ago(last.at - first.at)} after that`)
  return losses
}

const ago = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
const quoted = (text = ''): string => JSON.stringify(text.slice(0, 60))
