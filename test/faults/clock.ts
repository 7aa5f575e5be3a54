import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * A wrong clock without a way in for it in the product: the parts of the server run under libfaketime (Debian's package of that
 * name), which answers for the system clock and leaves the monotonic one alone, as a wrong NTP server would. Targets and people keep the right time.
 */

const library = () => globSync('/usr/lib/*/faketime/libfaketime.so.1')[0]

export const canSetClock = (): boolean => library() !== undefined

/** What makes the server's parts run under a clock of ours, and the way to set it while they run. */
export function prepareClock(work: string): { env: NodeJS.ProcessEnv; set(days: number): void } | undefined {
  const preload = library()
  if (preload === undefined) return undefined
  const offset = join(work, 'clock')
  const set = (days: number) => writeFileSync(offset, `${days < 0 ? '-' : '+'}${Math.abs(days)}d\n`, { mode: 0o644 })
  set(0)
  // the supervisor hands its parts no environment of its own, so that the program itself has to bring it
  const node = join(work, 'node-with-clock')
  const own = `LD_PRELOAD=${preload} FAKETIME_TIMESTAMP_FILE=${offset} FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1`
  writeFileSync(node, `#!/bin/sh\nexec env ${own} ${process.execPath} "$@"\n`, { mode: 0o755 })
  const into = join(work, 'into-parts.mjs')
  writeFileSync(into, `process.execPath = ${JSON.stringify(node)}\n`, { mode: 0o644 })
  return { env: { NODE_OPTIONS: `--import=file://${into}` }, set }
}
