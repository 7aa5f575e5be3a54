import type { Duplex } from 'node:stream'
import type { SessionHost } from '../contract.ts'
import type { Running } from '../door/running.ts'
import { createStop, type Stop } from '../door/stop.ts'
import { type CarryDeps, carrySession } from './carry-session.ts'
import { sqlStates, turnAway } from './say.ts'
import type { SignedIn } from './sign-in.ts'

export interface RunDeps extends CarryDeps {
  host: SessionHost
  running: Running
}

const broken = 'The session could not be opened. Try again; if it stays, tell your administrator.'
const stopping = 'The gateway is stopping. Connect again in a moment.'

/** One session from the open door to its end. Never rejects. */
export function runSession(person: Duplex, who: SignedIn, deps: RunDeps): void {
  const stop = createStop()
  deps.running.add(stop, () =>
    run(person, who, stop, deps).catch((error: unknown) => {
      const { account, target } = who.admitted.attempt
      deps.log.error({ error, account, target }, 'a session could not be opened')
      turnAway(person, sqlStates.fault, broken)
    }),
  )
}

async function run(person: Duplex, who: SignedIn, stop: Stop, deps: RunDeps): Promise<void> {
  if (stop.reason) return turnAway(person, sqlStates.ended, stopping)
  const application = who.parameters.application_name?.slice(0, 63)
  const how = { kind: 'sql' as const, database: who.database, ...(application && { application }) }
  const opened = await deps.host.open(who.admitted, who.grant, how)
  if (!opened.ok) return turnAway(person, sqlStates.notAuthorised, opened.error.say)
  // from here on the session exists: whatever happens, `carrySession` ends it
  await carrySession({ live: opened.value, who, person, stop }, deps)
}
