import { readFileSync } from 'node:fs'
import { systemClock } from '../kernel/clock.ts'
import type { Child } from '../platform/process/child.ts'
import { type Beats, beatEveryMs } from '../platform/watch/beat.ts'
import { createWatch } from '../platform/watch/watch.ts'

export interface PartWatch {
  /** From when it serves its silence counts. */
  expect(part: string): void
  /** What a part said: its beats, or which silences it entered in the ledger. */
  heard(part: string, word: Record<string, unknown>): void
  stop(): void
}

/**
 * The supervisor's watch over its parts, and over what they say of themselves. A silence goes to standard error at once and to the
 * api process, which keeps the ledger; when that is the silent one, it hears of it when it is back. The api watches us in turn.
 */
export function watchParts({
  node,
  children,
  backupEveryMs,
  log,
}: {
  node: string
  children: () => readonly Child[]
  /** Of scheduled backups, where there are any. */
  backupEveryMs: number | undefined
  log: (line: string) => void
}): PartWatch {
  const named = (part: string) => children().find((c) => c.name === part)
  const watch = createWatch({
    ...{ node, clock: systemClock },
    // it looks once a minute, unless something is due
    patience: { expiry: 90_000, ...(backupEveryMs !== undefined && { backup: 1.5 * backupEveryMs + 60_000 }) },
    causeOf: (part) => whatIsKnownOf(part, named(part)?.pid()),
  })
  const round = (): void => {
    for (const { control, since, cause, until } of watch.look())
      log(until === null ? `ALARM: the ${control} is silent since ${since}. ${cause}` : `the ${control} is back since ${until}`)
    named('api')?.tell({ watched: watch.state() })
  }
  const timer = setInterval(round, beatEveryMs)
  return {
    expect: watch.expect,
    heard(part, word) {
      if (typeof word.beats === 'object' && word.beats !== null) watch.beat(part, word.beats as Beats)
      if (part === 'api' && Array.isArray(word.entered)) watch.forget(word.entered as string[])
    },
    stop: () => clearInterval(timer),
  }
}

/** State of a process as proc(5) tells it. */
function whatIsKnownOf(part: string, pid: number | undefined): string {
  if (pid === undefined) return `The ${part}'s process has ended and cannot be started again; its log says why.`
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const state = stat.slice(stat.lastIndexOf(')') + 2)[0]
    if (state === 'T' || state === 't')
      return `The ${part}'s process ${pid} was stopped by a signal. Go on with it (kill -CONT ${pid}), or end it.`
    return `The ${part}'s process ${pid} is there and does not answer: stuck, or short of processor time (state ${state}). End it, and it is started again.`
  } catch {
    return `The ${part}'s process ${pid} is gone.`
  }
}
