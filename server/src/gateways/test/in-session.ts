import { setTimeout as delay } from 'node:timers/promises'
import type { Overseen } from '../contract.ts'
import type { MemoryHost, Recorded } from '../ssh/test/memory-host.ts'
import { until } from '../ssh/test/until.ts'

/*
 * What tests of all doors of databases wait for in the middle of a session.
 */

/** The last statement that was sent, in the session that was opened last, is this one. */
export const sent = (host: MemoryHost, sql: string) => until(() => host.sessions.at(-1)?.statements.at(-1)?.sql === sql)

/** How a session ended, when it has. */
export async function ended(session: Recorded): Promise<Recorded['outcomes']> {
  await until(() => session.outcomes.length > 0)
  return session.outcomes
}

/** The session that is opened next, in the hands of officers; the one before may not be written down as ended yet. */
export async function overseen(host: MemoryHost): Promise<Overseen> {
  const count = host.sessions.length
  await until(() => host.sessions[count]?.door !== undefined)
  const by = host.sessions[count]?.door
  if (!by) throw new Error('no session')
  return by
}

/** Whether something is still not over after a while in which it would have been. */
export const isHeld = (running: Promise<unknown>) => Promise.race([running.then(() => false), delay(700).then(() => true)])

/** Waits until a count is zero, a minute at most: what is counted must last longer by itself. Answers what it is then. */
export async function untilNone(count: () => Promise<number>): Promise<number> {
  for (const end = performance.now() + 60_000; performance.now() < end && (await count()) > 0; ) await delay(100)
  return await count()
}
