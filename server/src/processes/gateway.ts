import { prepareMasking, type Carrying as Storing } from '../domains/recording/index.ts'
import { startRemovingFiles } from '../domains/retention/index.ts'
import { recoverSessions, recoverSessionsOf, storeRecordings } from '../domains/session/index.ts'
import type { DoorCertificate } from '../gateways/postgres/index.ts'
import { openWebDoor } from '../gateways/web/index.ts'
import { leadCrew } from '../platform/crew/index.ts'
import { startBeat } from '../platform/nodes/index.ts'
import { loadS3 } from '../platform/object-store/index.ts'
import { askToBeReplaced, readPartConfig, runPart } from '../platform/process/part.ts'
import { openCarrying, openGatewayDoors } from './gateway-doors.ts'
import type { GatewayConfig, GatewayWorkerConfig } from './part-config.ts'
import { recorderBeat } from './recorder-beat.ts'
import { sealClosed } from './seal-closed.ts'
import { openSealedDoors, takesShares } from './sealed-doors.ts'
import { settleForOthers } from './settle-for-others.ts'
import { whileOpen } from './while-open.ts'

/**
 * The first of the processes that carry sessions. It holds no keys: what it may release it asks of the keeper, for one session at a time. It alone
 * listens, and gives each connection to the process that has least to do (`gateway-worker.ts`, or itself); it alone settles what others left behind.
 */
const config = await readPartConfig<GatewayConfig>()
// before root is given up
if (config.bucket) await loadS3()
const crew = leadCrew({
  file: new URL('gateway-worker.ts', import.meta.url).pathname,
  configs: Array.from({ length: config.processes - 1 }, (_, at): GatewayWorkerConfig => ({ ...config, index: at + 1 })),
  lost: (code) => {
    // which of our sessions were its own is known to nobody any more: the next start settles them, all together
    process.stderr.write(`claviger: a process that carried sessions ended (${code}); the gateway begins anew\n`)
    process.exit(1)
  },
})
await runPart('gateway', async () => {
  prepareMasking()
  const carrying = await openCarrying(config, 'gateway')
  const { logger, log, clock, db, keeper, bucket, audit } = carrying
  const { now } = clock
  const { recordings, outage } = config
  const { spoolBytes } = outage
  const beat = await startBeat(db, config.node, 'gateway')
  let storing: Storing | undefined
  crew.hear('session.over', () => storing?.soon())
  /** The certificate that the doors of databases had last, also in the process before this one. */
  let shown: DoorCertificate | undefined = config.handedOn
  const openDoors = async () => {
    const deps = { db, audit, keeper, recordings, bucket, log }
    await recoverSessions(deps, config.node.id)
    const files = startRemovingFiles({ db, audit, keeper, now, log, recordings, bucket, node: config.node.id })
    const tellOthers = (full: boolean) => crew.say('spool.full', full)
    const kept = bucket && storeRecordings({ ...deps, bucket, clock, spoolBytes, node: config.node.name, turned: tellOthers })
    storing = kept
    const timers = [
      settleForOthers(deps, { part: 'gateway', own: config.node.id }, (silent) => recoverSessionsOf(deps, silent)),
      // once more for those that began since
      ...(kept ? [every(1_000, () => tellOthers(kept.spool().full))] : []),
    ]
    const doors: { close(): Promise<void> }[] = []
    const close = async () => {
      for (const timer of timers) timer.stop()
      await files.stop()
      await Promise.all(doors.map((door) => door.close()))
      storing = undefined
      await kept?.stop()
    }
    try {
      const opened = await openGatewayDoors(config, carrying, {
        chorus: crew,
        listens: true,
        ...(config.processes > 1 && { pass: (door) => (line, place) => crew.pass(door, line, place) }),
        spoolFull: () => kept?.spool().full ?? false,
        whenOver: () => kept?.soon(),
        recordingDestroyed: files.look,
      })
      doors.push(opened)
      shown = opened.certificate
      opened.onRenewed((next) => {
        shown = next
      })
      const { ssh, postgres, mysql } = opened.doors
      const web = { ssh: ssh.visit, postgres: postgres.visit, mysql: mysql.visit }
      doors.push(await openWebDoor({ ...config.webDoor, doors: web, log: logger as never }))
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
    beats: () => ({ recorder: recorder.beat(), ...(storing && { bucket: storing.reached() }) }),
    async stop() {
      recorder.stop()
      await Promise.all([crew.stop(), doors.close()])
      await beat.stop()
      await carrying.close()
    },
  }
})

function every(ms: number, act: () => void): { stop(): void } {
  const timer = setInterval(act, ms)
  return { stop: () => clearInterval(timer) }
}
