import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

const dangerous = {
  ssh: 'rm -rf /tmp/nothing-of-the-sort; echo seen-$((6*7))',
  postgres: 'drop table if exists nothing_there',
  mysql: 'drop table if exists seen.nothing_there',
}

/** What a rule of the default pack sees. */
export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: "what raises a rule's alarm",
  leaves: [/^alarm\.session_rule \(alarm\)/],
  cells: inSessions(async (live, lane) => {
    await live.run(dangerous[wire])
    await live.shows(wire === 'ssh' ? /seen-42/ : /nothing_there|denied/)
    await lane.sees('alarm.session_rule')
  }, notOpened[wire]),
}))
