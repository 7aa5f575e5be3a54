import { setTimeout as sleep } from 'node:timers/promises'
import type { Cast } from './read.ts'
import { screenText } from './screen-text.ts'
import { TerminalFilter, terminalSafe } from './terminal-safe.ts'

export interface Pace {
  /** 2 plays twice as fast. */
  speed: number
  /** Longest pause in seconds of the recording; anything longer is cut down to it. */
  idleLimit: number
}

/** Plays the output at its own pace into `write`. Leaves the terminal usable, also when it is interrupted. */
export async function playCast(cast: Cast, { speed, idleLimit }: Pace, write: (text: string) => void, signal?: AbortSignal): Promise<void> {
  const filter = new TerminalFilter()
  let before = 0
  try {
    for (const { seconds, kind, data } of cast.events) {
      const pause = Math.min(Math.max(0, seconds - before), idleLimit) / speed
      before = seconds
      if (pause > 0) await sleep(pause * 1000, undefined, signal && { signal })
      if (kind === 'o') write(filter.pass(data))
    }
  } catch (cause) {
    if (!signal?.aborted) throw cause
  } finally {
    // colours off, cursor shown, out of the alternate screen, no mouse reports, no bracketed paste
    write('\u001b[0m\u001b[?25h\u001b[?1049l\u001b[?1000l\u001b[?1006l\u001b[?2004l\r\n')
  }
}

/** What was shown, without timing and without anything but text. */
export function castText(cast: Cast): string {
  const output = cast.events.filter((event) => event.kind === 'o').map((event) => event.data)
  return screenText(terminalSafe(output.join('')), cast.width)
}
