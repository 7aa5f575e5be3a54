import { setTimeout as sleep } from 'node:timers/promises'
import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

const begun = "select concat('begun-', 6 * 7)"
const long = { ssh: 'sleep 600', postgres: 'select pg_sleep(600)', mysql: 'select sleep(600)' }

/** Ctrl-C, or what takes its place. */
export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: wire === 'ssh' ? 'a command that is interrupted' : 'a statement that is cancelled',
  leaves: [wire === 'ssh' ? /^command echo begun-.*; sleep 600/ : /^statement .*: cancelled/],
  cells: inSessions(async (live) => {
    // who has answered something hears of the next at once
    await live.run(wire === 'ssh' ? `echo begun-$((6*7)); ${long.ssh}` : begun)
    await live.shows(/begun-42/)
    if (wire !== 'ssh') await live.run(long[wire])
    await sleep(1500)
    await live.interrupt()
    await live.shows(/\^C|cancel|interrupt/i)
    // psql and mariadb on a pipe end with it
    if (wire !== 'ssh') return
    await live.run('echo seen-$((6*7))')
    await live.shows(/seen-42/)
  }, notOpened[wire]),
}))
