import type { Clock } from '../../kernel/clock.ts'
import type { Beat } from './beat.ts'

/** Codes and expiries bear a few seconds; more would let a code in twice or end a grant at the wrong time. */
const toleratedMs = 5_000
/** After a jump the clock must go evenly for this long, until it is believed again. */
const steadyForMs = 60_000

export interface ClockWatch {
  /** Compares the wall clock with the monotonic one. Called every few seconds, with how far the wall is behind a time that certainly has come. */
  look(behindMs?: number): void
  /** What another clock said, and when we asked and heard (monotonic): the offset is known to half that time. */
  heard(from: string, time: Date, asked: number): void
  beat(): Beat
}

/** Notices when the wall clock jumps, and when another part's clock differs from ours. */
export function createClockWatch(clock: Clock): ClockWatch {
  const difference = () => clock.now().getTime() - clock.monotonic()
  let expected = difference()
  let jumped: { at: number; cause: string } | undefined
  const others = new Map<string, number>()
  let good = clock.monotonic()

  let behind = 0

  const fault = (): string | undefined => {
    if (behind > toleratedMs)
      return `The wall clock is ${seconds(behind)} behind the time that the keeper knows to have come. Grants, codes and tickets are judged by the later one: set the clock right (NTP).`
    if (jumped && clock.monotonic() - jumped.at < steadyForMs) return jumped.cause
    const [from, offset] = [...others].find(([, ms]) => Math.abs(ms) > toleratedMs) ?? []
    if (from === undefined || offset === undefined) return undefined
    return `The clock of the ${from} is ${seconds(offset)} ${offset > 0 ? 'ahead of' : 'behind'} ours. Look after the time service (NTP) on both.`
  }

  return {
    look(behindMs = 0) {
      behind = behindMs
      const now = difference()
      const by = now - expected
      if (Math.abs(by) > toleratedMs) {
        const cause = `The wall clock was set ${by > 0 ? 'forward' : 'back'} by ${seconds(by)}. Look after the time service (NTP).`
        jumped = { at: clock.monotonic(), cause }
        expected = now
      } else expected += by / 8 // slewing by a time service is no jump
      if (fault() === undefined) good = clock.monotonic()
    },
    heard(from, time, asked) {
      const half = (clock.monotonic() - asked) / 2
      const offset = time.getTime() + half - clock.now().getTime()
      others.set(from, Math.abs(offset) > half ? offset : 0)
    },
    beat() {
      const cause = fault()
      return { agoMs: Math.round(clock.monotonic() - good), ...(cause !== undefined && { cause }) }
    },
  }
}

const seconds = (ms: number) => `${Math.round(Math.abs(ms) / 1000)} s`
