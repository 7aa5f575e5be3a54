import { setTimeout as sleep } from 'node:timers/promises'
import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

const long = { ssh: 'sleep 60', postgres: 'select pg_sleep(60)', mysql: 'select sleep(60)' }

/** Ctrl-C, or what takes its place. */
export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: wire === 'ssh' ? 'a command that is interrupted' : 'a statement that is cancelled',
  leaves: [wire === 'ssh' ? /^command sleep 60/ : /^statement .*: cancelled/],
  cells: inSessions(async (live) => {
    await live.run(long[wire])
    await sleep(1500)
    await live.interrupt()
    await live.shows(/\^C|cancel|interrupt/i)
    // psql and mariadb on a pipe end with it
    if (wire !== 'ssh') return
    await live.run('echo seen-$((6*7))')
    await live.shows(/seen-42/)
  }, notOpened[wire]),
}))
