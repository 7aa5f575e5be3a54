import {
  accessRoutes,
  createDecide,
  explainAccess,
  shortest,
  startExpiry,
  voidEarlierEpochs,
  voidOfPerson,
  voidOnAccount,
  voidOnTarget,
  type WhenGrantEnds,
} from '../domains/access/index.ts'
import { type Act, auditRoutes, createActs, createLedgerIndex, followLedger, startSequencer } from '../domains/audit/index.ts'
import { type BackupsTold, backupRoutes, createBackups } from '../domains/backup/index.ts'
import {
  breakglassFigures,
  breakglassRoutes,
  drillDuty,
  keepActivations,
  keepKits,
  lookForLoginsElsewhere,
  type OrderRotation,
} from '../domains/breakglass/index.ts'
import { controlRoutes } from '../domains/controls/index.ts'
import { dependentRoutes, runNews } from '../domains/dependents/index.ts'
import { createIdentity, explainIdentity, identityRoutes, namesOfPeople } from '../domains/identity/index.ts'
import { createKinds, inventoryRoutes, namesInInventory } from '../domains/inventory/index.ts'
import { keepWatching, onboardingRoutes } from '../domains/onboarding/index.ts'
import { retentionRoutes, startKeepingRecordings } from '../domains/retention/index.ts'
import {
  isReplaced,
  orderAfterLogin,
  orderBreakGlass,
  recoverCandidates,
  rotateAfterGrant,
  rotationRoutes,
  rotationTrouble,
  startRotations,
  verifyAccount,
} from '../domains/rotation/index.ts'
import {
  askRoutes,
  createWatching,
  linkRoutes,
  liveRoutes,
  placeOfGrant,
  renewRoutes,
  searchRoutes,
  sessionRoutes,
  startIndexing,
  unprovenRoutes,
  webRoutes,
} from '../domains/session/index.ts'
import { startKeepingVersions, startSshRotation, vaultRoutes } from '../domains/vault/index.ts'
import { connectWebDoor } from '../gateways/web/index.ts'
import { connectKeeper, type Keeper } from '../keeper/client.ts'
import { explainKeeper } from '../keeper/explain-keeper.ts'
import { systemClock } from '../kernel/clock.ts'
import type { AccountId, PersonId } from '../kernel/id.ts'
import { fail } from '../kernel/result.ts'
import { createSteadyClock } from '../kernel/steady-clock.ts'
import { listen } from '../platform/db/listen.ts'
import { openDb, openPool, type Tx } from '../platform/db/open-db.ts'
import { createDialer } from '../platform/dialer/index.ts'
import { openHttp, warmHttp } from '../platform/http/server.ts'
import { openJobs } from '../platform/jobs/jobs.ts'
import { openLog } from '../platform/log/log.ts'
import { type KeeperPosition, startBeat } from '../platform/nodes/index.ts'
import { loadS3 } from '../platform/object-store/index.ts'
import { askToBeReplaced, readPartConfig, runPart, tellSupervisor } from '../platform/process/part.ts'
import { openMysqlConsole, openPostgresConsole } from '../platform/sql-console/index.ts'
import { loadOutsideKinds } from '../targets/outside-kinds.ts'
import { targetKinds } from '../targets/registry.ts'
import { ceremonyRoutes } from './ceremony.routes.ts'
import { compareWithPeers } from './compare-with-peers.ts'
import { withPolicies } from './first-run.ts'
import { health } from './health.ts'
import { openBucket } from './open-bucket.ts'
import type { ApiConfig } from './part-config.ts'
import { sealRoutes } from './seal.routes.ts'
import { sealClosed } from './seal-closed.ts'
import { watchOurselves } from './self-watch.ts'
import { settleForOthers } from './settle-for-others.ts'
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
  const identity = await createIdentity({
    ...{ db, audit, keeper, clock, passkeySite: config.passkeySite },
    // What follows when somebody is shut out. Their sign-ins end in the act itself; a gateway cuts the sessions of a grant that is void.
    whenPersonStops: (act, person, why) => voidOfPerson(access, act, person, why).then((r) => (r.ok ? r : fail(asKeeperRefusal(r.error)))),
  })

  // What follows the end of a grant. The gateway cuts its sessions by itself: it is told by the database, and has its own clock.
  const whenGrantEnds = (...[tx, grant]: Parameters<WhenGrantEnds>) => rotateAfterGrant(tx, grant, now())
  const common = { db, audit, keeper, kinds, now }
  const wireOf = (kind: string) => targetKinds.find(({ name }) => name === kind)?.wire
  const access = {
    ...common,
    decide: createDecide(keeper),
    shortestSeconds: config.lab ? shortest.lab : shortest.otherwise,
    connects: (kind: string) => kinds.capabilities(kind).includes('connect'),
    whenGrantEnds,
    isReplaced,
  }
  const rotation = {
    ...common,
    ...config.rotation,
    lookNow: () => rotating?.look(),
    whenAccountStops: (act: Act, account: AccountId, why: string) =>
      voidOnAccount(access, act, account, why).then((r) => (r.ok ? r : fail(asKeeperRefusal(r.error)))),
  }
  const dependents = { ...common, retryMs: config.rotation.retryMs }
  const kits = {
    ...{ db, audit, keeper, kinds, now, log, server: config.nodeName, lookMs: config.rotation.lookMs },
    ...config.kits,
    orderRotation: (...[tx, account, by, why]: Parameters<OrderRotation>) => orderBreakGlass(tx, account, by, why, now()),
    whenAccountStops: rotation.whenAccountStops,
    logsIn: async (account: AccountId, by: PersonId) => {
      const tried = await verifyAccount(rotation, { account, by })
      return tried.ok ? tried.value : tried.error.code
    },
  }
  let expiry: ReturnType<typeof startExpiry> | undefined
  let rotating: { sinceLook(): number; look(): void } | undefined
  let replacing: { look(): void } | undefined
  let hostKey = ''
  let words: ReturnType<typeof startIndexing> | undefined
  const watchers = createWatching({ db, keeper, audit, log })
  const listener = await listen(config.database, {
    ledger_arrived: sequencer.kick,
    // what we sign ourselves is no news
    ledger_signed: () => sequencer.leads() || sequencer.kick(),
    access_changed: (id) => expiry?.changed(id),
    session_live: watchers.sent,
    recording_ended: () => words?.ended(),
  })
  const background = await whileOpen(
    keeper,
    {
      async open() {
        const status = await keeper.ask('status', {})
        // those of an epoch that began while we were away
        if (status.ok && status.value.state === 'ready') await voidEarlierEpochs(access)
        hostKey = status.ok ? status.value.gatewayKey : ''
        await audit.closeLooks()
        const forOthers = settleForOthers({ db, log }, { part: 'api', own: config.node.id }, audit.closeLooks)
        const begun = startExpiry({ ...access, log })
        expiry = begun
        const rotations = await startRotations({ ...rotation, jobs, log })
        const telling = runNews({ ...dependents, log })
        const logins = {
          audit,
          orderRotation: (...[tx, account, why]: [Tx, AccountId, string]) => orderAfterLogin(tx, account, why, now()),
        }
        const watch = keepWatching({ ...common, log, whenSeen: (target, seen, at) => lookForLoginsElsewhere(logins, target, seen, at) })
        rotating = { sinceLook: () => Math.max(rotations.sinceLook(), telling.sinceLook()), look: rotations.look }
        const versions = startKeepingVersions({ ...common, log })
        const sshRotation = startSshRotation({ ...common, log })
        replacing = sshRotation
        const recordings = startKeepingRecordings({ ...common, log })
        const keptKits = keepKits(kits)
        const activations = keepActivations(kits)
        const reading = startIndexing({ db, audit, keeper, recordings: config.recordings, bucket, log })
        words = reading
        return {
          async close() {
            expiry = undefined
            rotating = undefined
            replacing = undefined
            words = undefined
            forOthers.stop()
            await Promise.all([
              begun.stop(),
              rotations.stop(),
              telling.stop(),
              watch.stop(),
              versions.stop(),
              sshRotation.stop(),
              recordings.stop(),
              keptKits.stop(),
              activations.stop(),
              reading.stop(),
            ])
          },
        }
      },
      // what rotated came to its end: only then the keys may go
      closing: async () => void (await keeper.ask('doorsClosed', {})),
      closed: () => askToBeReplaced(sealClosed),
    },
    log,
  )
  const gateway = {
    ...config.ssh,
    get hostKey() {
      return hostKey
    },
  }
  const { nodeName: node, anchorFile } = config
  const ends = { sinceLook: () => expiry?.sinceLook() ?? 0 }
  const works = { sinceLook: () => Math.max(jobs.sinceLook(), rotating?.sinceLook() ?? 0) }
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
  const handlers = [
    ...sealRoutes({ keeper }),
    ...ceremonyRoutes({ keeper }),
    ...identityRoutes({ identity, gateway, lab: config.lab }),
    ...inventoryRoutes({
      ...common,
      whenTargetChanges: (act, target, why) =>
        voidOnTarget(access, act, target, why).then((r) => (r.ok ? r : fail(asKeeperRefusal(r.error)))),
    }),
    ...rotationRoutes(rotation),
    ...vaultRoutes({ ...common, goOn: () => replacing?.look() }),
    ...dependentRoutes(dependents),
    ...breakglassRoutes(kits),
    ...backupRoutes(backups),
    ...onboardingRoutes(common),
    ...controlRoutes({
      ...{ controls: watching.controls, db, node: config.node.id },
      duties: () => drillDuty(db, now(), config.kits.drillDays),
    }),
    ...accessRoutes({ ...access, rotationTrouble: (account) => db.transaction().execute((tx) => rotationTrouble(tx, account)) }),
    ...sessionRoutes({
      db,
      keeper,
      audit,
      ...{ index, now, console: config.console },
      recordings: config.recordings,
      bucket,
      doors: { ssh: config.ssh, postgres: config.postgres, mysql: config.mysql },
      sshSignIn: config.sshSignIn,
      seats: config.seats,
      doorTo: wireOf,
    }),
    ...unprovenRoutes({ ...{ db, keeper, audit, index, now }, ...{ recordings: config.recordings, bucket } }),
    ...searchRoutes({ db, keeper, audit, recordings: config.recordings, bucket }),
    ...retentionRoutes({ ...common, index, recordings: config.recordings }),
    ...renewRoutes({ ...access, db }),
    ...askRoutes({ db, audit, keeper, now }),
    ...linkRoutes({ db, audit, keeper, now }),
    ...liveRoutes({
      ...{ db, audit, watching: watchers },
      // where it cannot be known, nothing is shown either
      whoIs: (token) => identity.whoIs(token, true).then((who) => (who && 'http' in who ? undefined : who)),
    }),
    ...webRoutes({
      placeOf: (grant, person) => placeOfGrant(db, grant, person as PersonId),
      doorTo: wireOf,
      connect: (door, from) => connectWebDoor(config.webDoor, door, from),
      async ca() {
        const status = await keeper.ask('status', {})
        return status.ok && status.value.tlsCa !== '' ? status.value.tlsCa : undefined
      },
      openSql: { postgres: openPostgresConsole, mysql: openMysqlConsole },
      log,
    }),
    ...auditRoutes({
      ...{ db, keeper, audit, index },
      namesOf: async (ids) => Object.fromEntries([...(await namesOfPeople(db, ids)), ...(await namesInInventory(db, ids))]),
      officer: (given) => identity.officerByPassword(given).then((r) => (r.ok ? r : fail(explainIdentity(r.error)))),
      async whenAcknowledged() {
        await voidEarlierEpochs(access)
        await recoverCandidates(common)
      },
    }),
  ]
  const http = await openHttp({
    ...config.http,
    log: logger,
    handlers: withPolicies(handlers, { audit, keeper, folder: config.policies }),
    authenticate: identity.whoIs,
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

function asKeeperRefusal(error: Parameters<typeof explainAccess>[0]) {
  return 'message' in error ? error : { code: error.code, message: explainAccess(error).body.message }
}
