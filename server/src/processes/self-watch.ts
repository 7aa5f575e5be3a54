import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import type pg from 'pg'
import type { Audit, Sequencer } from '../domains/audit/index.ts'
import { createControls } from '../domains/controls/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { type Beat, type Beats, beatEveryMs, type Watched } from '../platform/watch/beat.ts'
import { createClockWatch } from '../platform/watch/clock-watch.ts'
import { keepTrying } from '../platform/watch/stopwatch.ts'

export interface SelfWatchDeps {
  node: string
  clock: Clock
  /** How far the wall clock is behind the time that the keeper knows. */
  behindMs(): number
  pool: pg.Pool
  audit: Audit
  sequencer: Sequencer
  jobs: { sinceLook(): number }
  expiry: { sinceLook(): number }
  anchorFile: string
  /** Its beat is undefined where no other server was named. */
  peers: { beat(): Beat | undefined }
  /** Likewise where no backups are scheduled. */
  backups: { beat(): Beat | undefined }
  log: (line: string) => void
}

/** What the api process says of the controls in it, and what it hears of the others. */
export function watchOurselves(deps: SelfWatchDeps) {
  const { node, clock, behindMs, pool, audit, sequencer, jobs, expiry, anchorFile, peers, backups, log } = deps
  const controls = createControls({ node, audit, clock, log })
  const time = createClockWatch(clock)
  const started = clock.now().getTime()
  const database = keepTrying({
    ...{ clock, everyMs: beatEveryMs },
    async attempt() {
      const asked = clock.monotonic()
      const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now')
      if (rows[0]) time.heard('database', rows[0].now, asked)
    },
    say: (error) => `The database does not answer: ${error instanceof Error ? error.message : String(error)}`,
  })
  const anchor = keepTrying({
    ...{ clock, everyMs: beatEveryMs },
    async attempt() {
      accessSync(dirname(anchorFile), constants.W_OK)
    },
    say: (error) => `Checkpoints cannot be written beside the database: ${error instanceof Error ? error.message : String(error)}`,
  })
  const timer = setInterval(() => {
    time.look(behindMs())
    void controls.look()
  }, beatEveryMs)
  timer.unref()
  const since = (ms: number, cause: string): Beat => ({ agoMs: Math.max(0, Math.round(ms)), cause })

  return {
    controls,
    beats(): Beats {
      const compared = peers.beat()
      const backedUp = backups.beat()
      return {
        database: database.beat(),
        anchor: anchor.beat(),
        ...(compared && { peers: compared }),
        ...(backedUp && { backup: backedUp }),
        clock: time.beat(),
        sequencer: since(
          clock.now().getTime() - (sequencer.lastRound()?.getTime() ?? started),
          'Entries get no place or no signature, so nothing is given out. The log of the api process says why.',
        ),
        jobs: since(jobs.sinceLook(), 'No worker looks for jobs: rotations after grants wait. The log of the api process says why.'),
        expiry: since(expiry.sinceLook(), 'Ends of grants are not looked for; gateways still cut sessions by their own clock.'),
      }
    },
    async told(word: Record<string, unknown>) {
      if (typeof word.watched !== 'object' || word.watched === null) return undefined
      const entered = await controls.told(word.watched as Watched)
      return entered.length > 0 ? { entered } : undefined
    },
    stop() {
      clearInterval(timer)
      database.stop()
      anchor.stop()
    },
  }
}
