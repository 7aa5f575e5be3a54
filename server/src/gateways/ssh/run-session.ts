import { ok } from '../../kernel/result.ts'
import type { Admitted, Grant, SessionHost } from '../contract.ts'
import type { Running } from '../door/running.ts'
import { createStop, type Stop } from '../door/stop.ts'
import type { Ask } from './ask.ts'
import { type CarryDeps, carrySession } from './carry-session.ts'
import { broken, notTheCommand } from './endings.ts'
import type { Person } from './person.ts'
import { grantFor } from './wait-for-grant.ts'

export interface RunDeps extends CarryDeps {
  host: SessionHost
  running: Running
}

/** One channel from the question to its end: the grant (where none is brought), the open session, what it carries. Never rejects. */
export function runSession(admitted: Admitted, ask: Ask, person: Person, deps: RunDeps, brought?: Grant): void {
  const stop = createStop()
  deps.running.add(stop, () =>
    run(admitted, ask, person, stop, deps, brought).catch(async (error: unknown) => {
      deps.log.error({ error, account: admitted.attempt.account, target: admitted.attempt.target }, 'a session could not be opened')
      await turnAway(person, broken.say)
    }),
  )
}

async function run(admitted: Admitted, ask: Ask, person: Person, stop: Stop, deps: RunDeps, brought?: Grant): Promise<void> {
  const { host } = deps
  const grant = brought ? ok(brought) : await grantFor(host, admitted, person, stop)
  if (!grant.ok) return turnAway(person, grant.error.say)
  if (person.gone || stop.reason) return turnAway(person, stopping)

  const { terminal } = ask
  const term = terminal && { columns: terminal.columns, rows: terminal.rows, name: terminal.name }
  // somebody else may have to be asked about the command; Ctrl-C in a terminal takes it back, and so does leaving
  const back = new AbortController()
  person.onGone(() => back.abort())
  person.input.onInterrupt(() => back.abort())
  const meanwhile = { tell: person.say, signal: AbortSignal.any([back.signal, stop.signal]) }
  const opened = await host.open(admitted, grant.value, { ...ask.how, ...(term && { term }) }, meanwhile)
  person.input.onInterrupt(() => {})
  if (!opened.ok) return turnAway(person, opened.error.say)
  // from here on the session exists: whatever happens, `carrySession` ends it
  await carrySession({ live: opened.value, attempt: admitted.attempt, ask, person, stop }, deps)
}

const stopping = 'The gateway is stopping. Connect again in a moment.'

/** Says why nothing comes of it and closes the channel. */
export async function turnAway(person: Person, say: string): Promise<void> {
  person.say(say)
  await person.leave(notTheCommand)
}
