import { createActs, createLedgerIndex, followLedger, startSequencer } from '../domains/audit/index.ts'
import { type BackupsTold, createBackups } from '../domains/backup/index.ts'
import { breakglassFigures } from '../domains/breakglass/index.ts'
import { createKinds } from '../domains/inventory/index.ts'
import { createWatching } from '../domains/session/index.ts'
import { connectKeeper, type Keeper } from '../keeper/client.ts'
import { explainKeeper } from '../keeper/explain-keeper.ts'
import { systemClock } from '../kernel/clock.ts'
import { createSteadyClock } from '../kernel/steady-clock.ts'
import { listen } from '../platform/db/listen.ts'
import { openDb, openPool } from '../platform/db/open-db.ts'
import { createDialer } from '../platform/dialer/index.ts'
import { openHttp, warmHttp } from '../platform/http/server.ts'
import { openJobs } from '../platform/jobs/jobs.ts'
import { openLog } from '../platform/log/log.ts'
import { type KeeperPosition, startBeat } from '../platform/nodes/index.ts'
import { loadS3 } from '../platform/object-store/index.ts'
import { askToBeReplaced, readPartConfig, runPart, tellSupervisor } from '../platform/process/part.ts'
import { loadOutsideKinds } from '../targets/outside-kinds.ts'
import { targetKinds } from '../targets/registry.ts'
import { startBackground } from './api/background.ts'
import type { Ground, Running } from './api/ground.ts'
import { apiRoutes } from './api/routes.ts'
import { connectUseCases } from './api/use-cases.ts'
import { compareWithPeers } from './compare-with-peers.ts'
import { withPolicies } from './first-run.ts'
import { health } from './health.ts'
import { openBucket } from './open-bucket.ts'
import type { ApiConfig } from './part-config.ts'
import { sealClosed } from './seal-closed.ts'
import { watchOurselves } from './self-watch.ts'
import { whileOpen } from './while-open.ts'

/** The process behind the console and the API: use cases, the ledger's sequencer, expiry and background work. */
const config = await readPartConfig<ApiConfig>()
const logger = openLog('api', config.logLevel)

/** Undefined while it is sealed, or says nothing. */
async function keeperPosition(keeper: Keeper): Promise<KeeperPosition | undefined> {
  const told = await keeper.ask('status', {})
  return told.ok && told.value.state !== 'sealed' && told.value.state !== 'uninitialised'
    ? { epoch: told.value.epoch, size: told.value.size }
    : undefined
}

async function start() {
  const log = (line: string) => logger.warn(line)
  // first of all, and no more as root: what does not fit stops the start
  const outside = await loadOutsideKinds(config.outsideKinds, targetKinds)
  if (!outside.ok) throw new Error(outside.error)
  const clock = createSteadyClock()
  const { now } = clock
  const pool = openPool(config.database, 12)
  const db = openDb(pool)
  const keeper = await connectKeeper({ ...config.keeper, role: 'api', onTime: clock.raise })
  const beat = await startBeat(db, config.node, 'api', () => keeperPosition(keeper))
  const sequencer = await startSequencer({ db, keeper, node: config.node.id, anchorFile: config.anchorFile, log })
  const audit = createActs({ db, keeper, now, arrived: sequencer.kick, bring: sequencer.bring })
  const index = createLedgerIndex(db)
  const following = followLedger(index, log)
  const dial = createDialer({ allow: config.targetNetworks.map((cidr) => ({ cidr })), ownListeners: config.ownListeners, lab: config.lab })
  const bucket = await openBucket(config, now)
  const kinds = createKinds([...targetKinds, ...outside.value], dial)
  const jobs = await openJobs(config.database, log)
  const ground: Ground = { config, db, keeper, audit, index, kinds, clock, jobs, bucket, log }
  const running: Running = { hostKey: '' }
  const useCases = await connectUseCases(ground, running)
  const watchers = createWatching({ db, keeper, audit, log })
  const listener = await listen(config.database, {
    ledger_arrived: sequencer.kick,
    // what we sign ourselves is no news
    ledger_signed: () => sequencer.leads() || sequencer.kick(),
    access_changed: (id) => running.expiry?.changed(id),
    session_live: watchers.sent,
    recording_ended: () => running.words?.ended(),
  })
  const background = await whileOpen(
    keeper,
    {
      open: () => startBackground(ground, useCases, running),
      // what rotated came to its end: only then the keys may go
      closing: async () => void (await keeper.ask('doorsClosed', {})),
      closed: () => askToBeReplaced(sealClosed),
    },
    log,
  )
  const { nodeName: node, anchorFile } = config
  const ends = { sinceLook: () => running.expiry?.sinceLook() ?? 0 }
  const works = { sinceLook: () => Math.max(jobs.sinceLook(), running.rotating?.sinceLook() ?? 0) }
  const backups = createBackups({
    ...{ db, audit, keeper, now, node: config.node.id, settings: config.backup },
    order: (backup) => tellSupervisor({ backups: { backup } }),
    log,
  })
  const peers = compareWithPeers({ peers: config.peers, ca: config.peersCa, keeper, clock: systemClock })
  const watching = watchOurselves({
    node,
    anchorFile,
    peers,
    backups,
    clock: systemClock,
    behindMs: clock.behindMs,
    pool,
    audit,
    sequencer,
    jobs: works,
    expiry: ends,
    log,
  })
  const state = health({
    pool,
    keeper,
    sequencer,
    controls: watching.controls,
    breakglass: () => breakglassFigures(db, now(), config.kits.drillDays),
  })
  const routes = apiRoutes(ground, useCases, running, { controls: watching.controls, watchers, backups })
  const http = await openHttp({
    ...config.http,
    log: logger,
    handlers: withPolicies(routes, { audit, keeper, folder: config.policies }),
    authenticate: useCases.identity.whoIs,
    async isSetupToken(token) {
      const answer = await keeper.ask('isSetupToken', { token })
      return answer.ok && answer.value.valid
    },
    async closed() {
      if (keeper.open) return undefined
      const status = await keeper.ask('status', {})
      return explainKeeper(status.ok ? { code: 'keeper.sealed', message: status.value.message } : status.error)
    },
    ready: state.ready,
    metrics: state.metrics,
    console: config.console,
  })

  return {
    message: { port: http.port },
    beats: watching.beats,
    async told(word: Record<string, unknown>) {
      if (typeof word.backups !== 'object' || word.backups === null) return await watching.told(word)
      const entered = await backups.told(word.backups as BackupsTold)
      return entered.length > 0 ? { backups: { entered } } : undefined
    },
    async stop() {
      watching.stop()
      backups.stop()
      peers.stop()
      watchers.close()
      await http.close()
      // both wait for the rotation that runs, and the process has ten seconds for all of it
      await Promise.all([background.close(), jobs.stop()])
      await following.stop()
      await listener.close()
      await sequencer.stop()
      await beat.stop()
      await keeper.close()
      await pool.end()
    },
  }
}

await runPart('api', start, async () => {
  await warmHttp(logger)
  if (config.bucket) await loadS3()
})
