import { createDecide, shortest } from '../domains/access/index.ts'
import { createActs } from '../domains/audit/index.ts'
import { createPasswords } from '../domains/identity/index.ts'
import { createSessionHost, keepAhead } from '../domains/session/index.ts'
import type { Door } from '../gateways/contract.ts'
import type { Pass } from '../gateways/door/entrance.ts'
import { openMysqlGateway } from '../gateways/mysql/index.ts'
import { openPostgresGateway } from '../gateways/postgres/index.ts'
import { openSshGateway } from '../gateways/ssh/index.ts'
import { connectKeeper, type Keeper } from '../keeper/client.ts'
import { Secret } from '../kernel/secret.ts'
import { createSteadyClock } from '../kernel/steady-clock.ts'
import type { Chorus } from '../platform/crew/index.ts'
import { signingKey } from '../platform/crypto/ed25519.ts'
import { randomSecretBytes } from '../platform/crypto/random.ts'
import { listen } from '../platform/db/listen.ts'
import { openDb, openPool } from '../platform/db/open-db.ts'
import { createDialer } from '../platform/dialer/index.ts'
import { openLog } from '../platform/log/log.ts'
import { writeEd25519PrivateKey } from '../protocols/ssh-keys/index.ts'
import { targetKinds } from '../targets/registry.ts'
import { databaseBeat } from './database-beat.ts'
import { keepCertificate } from './keep-certificate.ts'
import { openBucket } from './open-bucket.ts'
import type { GatewayConfig } from './part-config.ts'

/** A rotation takes seconds. One that takes longer did not come to its end, and somebody has to look. */
const rotationMs = 20_000

/** What every process that carries sessions holds. */
export async function openCarrying(config: GatewayConfig, name: string) {
  const logger = openLog(name, config.logLevel)
  const log = (line: string) => logger.warn(line)
  const clock = createSteadyClock()
  const pool = openPool(config.database, 10)
  const db = openDb(pool)
  const keeper = await connectKeeper({ ...config.keeper, role: 'gateway', onTime: clock.raise })
  const bucket = await openBucket(config, clock.now)
  const database = databaseBeat(pool, clock)
  const passwords = config.sshSignIn.some((steps) => steps.includes('password')) ? await createPasswords() : undefined
  return {
    ...{ logger, log, clock, db, keeper, bucket, database, passwords },
    audit: createActs({ db, keeper, now: clock.now }),
    async close() {
      database.stop()
      await keeper.close()
      await pool.end()
      bucket?.close()
    },
  }
}

export type Carrying = Awaited<ReturnType<typeof openCarrying>>

export interface DoorsGiven {
  chorus: Chorus
  /** Where it listens; undefined in a process to which another one brings connections. */
  pass?: (door: Door) => Pass
  listens: boolean
  spoolFull(): boolean
  whenOver(): void
  /** The database says that a recording is to go ('' when one may have to). */
  recordingDestroyed?: (id: string) => void
}

/** The doors, and the sessions behind them. */
export async function openGatewayDoors(config: GatewayConfig, carrying: Carrying, given: DoorsGiven) {
  const { logger, log, clock, db, keeper, bucket, database, passwords, audit } = carrying
  const { recordings, outage } = config
  const reachedBy = (wire: Door) => targetKinds.filter((k) => k.wire === wire).map((k) => k.name)
  const dial = createDialer({ allow: config.targetNetworks.map((cidr) => ({ cidr })), ownListeners: config.ownListeners, lab: config.lab })
  const limits = { silenceMs: config.targetSilenceMs }
  const host = createSessionHost({
    ...{ db, keeper, audit, clock, recordings, bucket, rotationMs, passwords, log },
    now: clock.now,
    outages: { databaseAwayMs: database.awayMs, spoolFull: given.spoolFull },
    outageRules: outage,
    ahead: keepAhead({ db, log }),
    whenOver: given.whenOver,
    reachable: { ssh: reachedBy('ssh'), postgres: reachedBy('postgres'), mysql: reachedBy('mysql') },
    chorus: given.chorus,
    limits: config.sessions,
    decide: createDecide(keeper),
    shortestSeconds: config.lab ? shortest.lab : shortest.otherwise,
    connects: (kind) => targetKinds.some((k) => k.name === kind && k.wire !== undefined),
    console: config.console,
  })
  const listener = await listen(config.database, {
    ...(given.recordingDestroyed && { recording_destroyed: given.recordingDestroyed }),
    access_changed: host.accessChanged,
    session_end_ordered: host.endOrdered,
    session_attend: host.attend,
    sign_in_link: host.linkDecided,
    policy_changed: host.policiesChanged,
  })
  const closing: (() => Promise<void> | void)[] = []
  const close = async () => {
    await Promise.all(closing.map((end) => end()))
    await listener.close()
  }
  try {
    const common = { host, dial, limits, log: logger as never, chorus: given.chorus }
    const at = (door: Door) => ({
      listen: given.listens ? config[door] : undefined,
      ...(given.pass && { pass: given.pass(door) }),
    })
    const ssh = await openSshGateway({ ...common, ...at('ssh'), hostKey: await hostKey(keeper), accepted: config.sshSignIn })
    closing.push(ssh.close)
    const certificates = await keepCertificate(keeper, log)
    closing.push(certificates.stop)
    const { first: certificate } = certificates
    const postgres = await openPostgresGateway({ ...common, ...at('postgres'), certificate })
    closing.push(postgres.close)
    const mysql = await openMysqlGateway({ ...common, ...at('mysql'), certificate })
    closing.push(mysql.close)
    certificates.onRenewed((next) => {
      postgres.renew(next)
      mysql.renew(next)
    })
    return { doors: { ssh, postgres, mysql }, certificate, onRenewed: certificates.onRenewed, close }
  } catch (error) {
    // it is tried again, and must not meet its own doors
    await close()
    throw error
  }
}

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
