/** How the time of the session maps to the time of the replay when idle stretches are cut short. */
export interface Timeline {
  /** Idle stretches, in seconds of the session. */
  gaps: readonly (readonly [from: number, to: number])[]
  /** Seconds that the replay takes at normal speed. */
  length: number
  toReplay(session: number): number
  toSession(replay: number): number
}

/** Nothing happened for longer than this: a replay that skips idle time waits only so long. */
export const idleSeconds = 2

/** Builds the mapping from the times of what happened, ascending, in seconds. Without `skip` it changes nothing but still knows the gaps. */
export function timeline(times: readonly number[], skip: boolean): Timeline {
  const gaps: [number, number][] = []
  let before = 0
  for (const at of times) {
    if (at - before > idleSeconds) gaps.push([before, at])
    before = Math.max(before, at)
  }
  return timelineOf(gaps, before, skip)
}

/** The same where the idle stretches are known. `end`: when the last thing happened. */
export function timelineOf(gaps: Timeline['gaps'], end: number, skip: boolean): Timeline {
  // corners of a broken line: between two of them both times run evenly
  const session = [0]
  const replay = [0]
  let saved = 0
  for (const [from, to] of skip ? gaps : []) {
    session.push(from, to)
    replay.push(from - saved, from - saved + idleSeconds)
    saved += to - from - idleSeconds
  }
  session.push(end)
  replay.push(end - saved)
  return {
    gaps,
    length: end - saved,
    toReplay: (at) => along(session, replay, at),
    toSession: (at) => along(replay, session, at),
  }
}

function along(from: readonly number[], to: readonly number[], at: number): number {
  for (let i = 1; i < from.length; i++) {
    const [a = 0, b = 0, x = 0, y = 0] = [from[i - 1], from[i], to[i - 1], to[i]]
    if (at <= b) return b > a ? x + ((Math.max(at, a) - a) / (b - a)) * (y - x) : x
  }
  return to.at(-1) ?? 0
}

/**
 * The command that was running at a moment: the last one that began by then; -1 before the first. A tenth of a second of grace after a seek
 * that falls short of one; who seeks to a command has that one, also when the next follows at once.
 */
export function commandAt(commands: readonly { seconds: number }[], at: number): number {
  const sought = commands.findLastIndex(({ seconds }) => Math.abs(seconds - at) < 0.001)
  if (sought !== -1) return sought
  let current = -1
  for (const [i, { seconds }] of commands.entries()) if (seconds <= at + 0.1) current = i
  return current
}
