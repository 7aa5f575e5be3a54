import { createDecide, shortest } from '../domains/access/index.ts'
import { createActs } from '../domains/audit/index.ts'
import { createPasswords } from '../domains/identity/index.ts'
import { type Carrying, prepareMasking } from '../domains/recording/index.ts'
import { startRemovingFiles } from '../domains/retention/index.ts'
import { createSessionHost, recoverSessions, recoverSessionsOf, storeRecordings } from '../domains/session/index.ts'
import type { Door } from '../gateways/contract.ts'
import { openMysqlGateway } from '../gateways/mysql/index.ts'
import { type DoorCertificate, openPostgresGateway } from '../gateways/postgres/index.ts'
import { openSshGateway } from '../gateways/ssh/index.ts'
import { openWebDoor } from '../gateways/web/index.ts'
import { connectKeeper, type Keeper } from '../keeper/client.ts'
import { Secret } from '../kernel/secret.ts'
import { createSteadyClock } from '../kernel/steady-clock.ts'
import { signingKey } from '../platform/crypto/ed25519.ts'
import { randomSecretBytes } from '../platform/crypto/random.ts'
import { listen } from '../platform/db/listen.ts'
import { openDb, openPool } from '../platform/db/open-db.ts'
import { createDialer } from '../platform/dialer/index.ts'
import { openLog } from '../platform/log/log.ts'
import { startBeat } from '../platform/nodes/index.ts'
import { loadS3 } from '../platform/object-store/index.ts'
import { askToBeReplaced, readPartConfig, runPart } from '../platform/process/part.ts'
import { writeEd25519PrivateKey } from '../protocols/ssh-keys/index.ts'
import { targetKinds } from '../targets/registry.ts'
import { databaseBeat } from './database-beat.ts'
import { keepCertificate } from './keep-certificate.ts'
import { openBucket } from './open-bucket.ts'
import type { GatewayConfig } from './part-config.ts'
import { recorderBeat } from './recorder-beat.ts'
import { sealClosed } from './seal-closed.ts'
import { openSealedDoors, takesShares } from './sealed-doors.ts'
import { settleForOthers } from './settle-for-others.ts'
import { whileOpen } from './while-open.ts'

/** A rotation takes seconds. One that takes longer did not come to its end, and somebody has to look. */
const rotationMs = 20_000

/** The process that carries sessions. It holds no keys: what it may release it asks of the keeper, for one session at a time. */
const config = await readPartConfig<GatewayConfig>()
// before root is given up
if (config.bucket) await loadS3()
await runPart('gateway', async () => {
  const logger = openLog('gateway', config.logLevel)
  const log = (line: string) => logger.warn(line)
  prepareMasking()
  const clock = createSteadyClock()
  const pool = openPool(config.database, 10)
  const db = openDb(pool)
  const keeper = await connectKeeper({ ...config.keeper, role: 'gateway', onTime: clock.raise })
  const { now } = clock
  const audit = createActs({ db, keeper, now })
  const dial = createDialer({ allow: config.targetNetworks.map((cidr) => ({ cidr })), ownListeners: config.ownListeners, lab: config.lab })
  const reachedBy = (wire: Door) => targetKinds.filter((k) => k.wire === wire).map((k) => k.name)
  const reachable = { ssh: reachedBy('ssh'), postgres: reachedBy('postgres'), mysql: reachedBy('mysql') }
  const { recordings, outage } = config
  const bucket = await openBucket(config, now)
  const database = databaseBeat(pool, clock)
  let carrying: Carrying | undefined
  const limits = { silenceMs: config.targetSilenceMs }
  const beat = await startBeat(db, config.node, 'gateway')
  /** The certificate that the doors of databases had last, also in the process before this one. */
  let shown: DoorCertificate | undefined = config.handedOn
  const passwords = config.sshSignIn.some((steps) => steps.includes('password')) ? await createPasswords() : undefined
  const openDoors = async () => {
    const deps = { db, audit, keeper, recordings, bucket, log }
    await recoverSessions(deps, config.node.id)
    const host = createSessionHost({
      db,
      keeper,
      audit,
      clock,
      now,
      ...{ recordings, bucket },
      outages: { databaseAwayMs: database.awayMs, spoolFull: () => carrying?.spool().full ?? false },
      outageRules: outage,
      whenOver: () => carrying?.soon(),
      reachable,
      rotationMs,
      limits: config.sessions,
      passwords,
      log,
      decide: createDecide(keeper),
      shortestSeconds: config.lab ? shortest.lab : shortest.otherwise,
      connects: (kind) => targetKinds.some((k) => k.name === kind && k.wire !== undefined),
      console: `http://localhost:${config.http.port}`,
    })
    const files = startRemovingFiles({ db, audit, keeper, now, log, recordings, bucket, node: config.node.id })
    const listener = await listen(config.database, {
      recording_destroyed: files.look,
      access_changed: host.accessChanged,
      session_end_ordered: host.endOrdered,
      session_attend: host.attend,
      sign_in_link: host.linkDecided,
      policy_changed: host.policiesChanged,
    })
    const { spoolBytes } = outage
    const storing = bucket && storeRecordings({ ...deps, bucket, clock, spoolBytes, node: config.node.name })
    carrying = storing
    const timers = [settleForOthers(deps, { part: 'gateway', own: config.node.id }, (silent) => recoverSessionsOf(deps, silent))]
    const doors: { close(): Promise<void> }[] = []
    const close = async () => {
      for (const timer of timers) timer.stop()
      await files.stop()
      await Promise.all(doors.map((door) => door.close()))
      await listener.close()
      carrying = undefined
      await storing?.stop()
    }
    try {
      const ssh = await openSshGateway({
        ...{ host, listen: config.ssh, hostKey: await hostKey(keeper), dial, limits, log: logger as never },
        accepted: config.sshSignIn,
      })
      doors.push(ssh)
      const certificates = await keepCertificate(keeper, log)
      timers.push(certificates)
      const { first: certificate } = certificates
      shown = certificate
      const common = { host, certificate, dial, limits, log: logger as never }
      const postgres = await openPostgresGateway({ ...common, listen: config.postgres })
      doors.push(postgres)
      const mysql = await openMysqlGateway({ ...common, listen: config.mysql })
      doors.push(mysql)
      const web = { ssh: ssh.visit, postgres: postgres.visit, mysql: mysql.visit }
      doors.push(await openWebDoor({ ...config.webDoor, doors: web, log: logger as never }))
      certificates.onRenewed((next) => {
        shown = next
        postgres.renew(next)
        mysql.renew(next)
      })
    } catch (error) {
      // it is tried again, and must not meet its own doors
      await close()
      throw error
    }
    return { close }
  }
  const doors = await whileOpen(
    keeper,
    {
      open: openDoors,
      sealed: async () => openSealedDoors(config, shown, await takesShares(keeper)),
      // their recordings are signed for: only then the keys may go
      closing: async () => void (await keeper.ask('doorsClosed', {})),
      closed: () => askToBeReplaced(sealClosed, shown),
    },
    log,
  )
  const recorder = recorderBeat(recordings)
  return {
    message: { port: config.ssh.port, postgresPort: config.postgres.port, mysqlPort: config.mysql.port },
    beats: () => ({ recorder: recorder.beat(), ...(carrying && { bucket: carrying.reached() }) }),
    async stop() {
      recorder.stop()
      database.stop()
      await doors.close()
      await beat.stop()
      await keeper.close()
      await pool.end()
      bucket?.close()
    },
  }
})

/** Our own host key, as the SSH library takes it. */
async function hostKey(keeper: Keeper): Promise<Uint8Array> {
  const answer = await keeper.ask('gatewayHostKey', {})
  if (!answer.ok) throw new Error(answer.error.message)
  return await (answer.value.payload ?? new Secret(new Uint8Array())).use('sign', (seed) =>
    writeEd25519PrivateKey({
      seed,
      publicKey: signingKey(seed).publicKey,
      comment: 'claviger gateway',
      check: randomSecretBytes(4).readUInt32BE(),
    }),
  )
}
