import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { partsThrough } from './inside.ts'

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
  const faked = { LD_PRELOAD: preload, FAKETIME_TIMESTAMP_FILE: offset, FAKETIME_CACHE_DURATION: '1' }
  // one name of the same for each release of the library
  const env = partsThrough(work, { env: { ...faked, FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' } })
  return { env, set }
}
