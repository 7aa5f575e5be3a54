import type { Result } from '../../kernel/result.ts'
import { type ScrubStream, scrubStreams } from '../../kernel/scrub-stream.ts'
import type { LiveSession } from '../contract.ts'
import type { Stop } from './stop.ts'

/**
 * Logs in to a session's target with `reach`. Where the target refused a credential that was rotated after its release, once more with
 * the one that took its place; never a second time with the same. `scrubs`, `streams` of them, belong to the credential that was tried last.
 */
export async function logInToTarget<Target, No extends { loginRefused?: true }>(
  live: LiveSession,
  streams: number,
  stop: Stop,
  reach: () => Promise<Result<Target, No>>,
): Promise<{ reached: Result<Target, No>; scrubs: readonly ScrubStream[] }> {
  let scrubs: readonly ScrubStream[] = []
  const wipe = () => scrubs.forEach((scrub) => void scrub.wipe())
  try {
    scrubs = await scrubStreams(live.scrub, streams)
    const reached = await reach()
    if (reached.ok || !reached.error.loginRefused || stop.reason || !(await live.renewLogin())) return { reached, scrubs }
    wipe()
    scrubs = await scrubStreams(live.scrub, streams)
    return { reached: await reach(), scrubs }
  } catch (error) {
    wipe()
    throw error
  }
}
