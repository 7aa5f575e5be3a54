import type { Duplex } from 'node:stream'
import type { SessionHost } from '../../contract.ts'
import { leave } from '../leave.ts'
import type { Running } from '../running.ts'
import { createStop, type Stop } from '../stop.ts'
import { type CarryDeps, carrySession } from './carry-session.ts'
import type { Visit } from './wire.ts'

export interface RunDeps extends CarryDeps {
  host: SessionHost
  running: Running
}

const broken = 'The session could not be opened. Try again; if it stays, tell your administrator.'
const stopping = 'The gateway is stopping. Connect again in a moment.'

/** One session from the open door to its end. Never rejects. */
export function runSession(person: Duplex, who: Visit, deps: RunDeps): void {
  const stop = createStop()
  deps.running.add(stop, () =>
    run(person, who, stop, deps).catch((error: unknown) => {
      const { account, target } = who.admitted.attempt
      deps.log.error({ error, account, target }, 'a session could not be opened')
      leave(person, who.wire.last('fault', broken))
    }),
  )
}

async function run(person: Duplex, who: Visit, stop: Stop, deps: RunDeps): Promise<void> {
  if (stop.reason) return leave(person, who.wire.last('ended', stopping))
  const application = who.application?.slice(0, 63)
  const how = {
    kind: 'sql' as const,
    database: who.database,
    ...(application && { application }),
    ...(who.files && { files: true as const }),
  }
  const opened = await deps.host.open(who.admitted, who.grant, how)
  // libraries of databases know that there may be no more, and keep to it
  const why = (code: string) => (code === 'session.too_many' ? 'tooMany' : 'refused')
  if (!opened.ok) return leave(person, who.wire.last(why(opened.error.code), opened.error.say))
  // from here on the session exists: whatever happens, `carrySession` ends it
  await carrySession({ live: opened.value, who, person, stop }, deps)
}
