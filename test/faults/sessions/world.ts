import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { access, call, inventory, session } from '@claviger/api'
import { keysOfStore, type S3Server, startS3 } from '../../../server/src/platform/object-store/test/s3-server.ts'
import { removeLater } from '../../../server/src/platform/process/remove-later.fixture.ts'
import { linuxSshHarness } from '../../../server/src/targets/linux-ssh/test/harness.ts'
import { mysqlHarness } from '../../../server/src/targets/mysql/test/harness.ts'
import { postgresHarness } from '../../../server/src/targets/postgres/test/harness.ts'
import { openRoad, type Road } from '../../../server/src/targets/test/road.ts'
import { type Claviger, startClaviger } from '../../support/claviger.ts'
import { withCode } from '../../support/person.ts'
import { canMount, type Disks, mountDisks } from '../disks.ts'
import { partsThrough } from '../inside.ts'
import { type Lateness, watchLateness } from '../lateness.ts'
import { canDrop } from '../packets.ts'
import { persist } from '../patience.ts'
import { People } from '../people.ts'
import { addTo, ofLab, type Ready, type Struck, startServers } from '../rotation/targets.ts'
import type { Means, Order, Size, Wire } from './plan.ts'
import type { Doors } from './works/work.ts'

/** Where somebody works: a target, the account on it, and the grant for that. */
export interface Place {
  on: Struck
  account: inventory.Account
  /** `account@target` */
  at: string
  grant: access.Grant['id']
  /** Where the server meets it: at its road, where it has one. Packets that are lost behind a road would leave that alive. */
  port: number
}

/** A server whose recordings go to a bucket, targets of three kinds, and one person who works on all of them. */
export interface SessionWorld {
  claviger: Claviger
  people: People
  /** The shortest run has no MySQL: its target is none of the lab's. */
  places: Record<Exclude<Wire, 'mysql'>, Place> & { mysql: Place | undefined }
  doors: Doors
  /** Between people and the doors. */
  near: Record<Wire, Road>
  /** Of the doors themselves. */
  ports: Record<Wire, number>
  s3: S3Server
  disks: Disks | undefined
  lateness: Lateness
  means: Means
  close(): Promise<void>
}

export const placesOf = ({ places }: Pick<SessionWorld, 'places'>): Place[] => Object.values(places).filter((one) => one !== undefined)

const wires = ['ssh', 'postgres', 'mysql'] as const
const harnesses = { ssh: linuxSshHarness, postgres: postgresHarness, mysql: mysqlHarness }

/** `order`: gateways that record in a deliberately wrong order (inside/preload.ts). */
export async function openSessionWorld(size: Size, order?: Order): Promise<SessionWorld> {
  const outside = mkdtempSync(join(tmpdir(), 'claviger-sessions-'))
  chmodSync(outside, 0o711) // the parts run as other users, who must be able to pass
  const data = join(outside, 'data')
  const stops: (() => unknown)[] = [() => removeLater(outside)]
  const close = async () => {
    for (const stop of stops.splice(0)) await stop()
  }
  try {
    const disks = canMount() ? mountDisks(data, ['recordings']) : undefined
    if (disks) stops.unshift(() => disks.unmount())
    const s3 = await startS3()
    stops.unshift(() => s3.stop())
    // in a short run the lab's own targets stand for two of them, which saves the time that adding one takes
    const own: readonly Wire[] = size === 'full' ? wires : size === 'quick' ? ['mysql'] : []
    const servers = startServers(own.map((wire) => harnesses[wire]))
    servers.catch(() => undefined)
    const claviger = await startClaviger({ lab: true, data, seconds: 3 * 3600, env: environment(outside, s3, order) })
    stops.unshift(() => claviger.stop())
    const { ready, stop } = await servers
    stops.unshift(stop)
    const people = new People(claviger)
    const ownOf = (wire: Wire) => ready.find(({ harness }) => harness === harnesses[wire])
    const mysqlOf = ownOf('mysql')
    const places = {
      ssh: await place(claviger, people, ownOf('ssh') ?? 'deploy@web01'),
      postgres: await place(claviger, people, ownOf('postgres') ?? 'app_admin@orders-db'),
      mysql: mysqlOf && (await place(claviger, people, mysqlOf)),
    }
    const near = {} as Record<Wire, Road>
    const alice = await people.person('alice')
    const gateways = await people.ask('alice', (api) => call(api, session.gateways))
    for (const wire of wires) {
      const road = await openRoad(gateways[wire].port)
      near[wire] = road
      stops.unshift(() => road.close())
    }
    const ports = { ssh: gateways.ssh.port, postgres: gateways.postgres.port, mysql: gateways.mysql.port }
    const doors: Doors = { work: claviger.work, port: (wire) => near[wire].port, person: async () => alice }
    const means = { disks: disks !== undefined, packets: canDrop(), roads: [...own] }
    const lateness = watchLateness(outside)
    stops.unshift(() => lateness.stop())
    return { claviger, people, places, doors, near, ports, s3, disks, lateness, close, means }
  } catch (error) {
    await close()
    throw error
  }
}

function environment(outside: string, s3: S3Server, order: Order | undefined): NodeJS.ProcessEnv {
  const keys = join(outside, 'bucket-keys')
  writeFileSync(keys, keysOfStore, { mode: 0o600 })
  const preload = join(import.meta.dirname, 'inside', 'preload.ts')
  const through =
    order === undefined ? {} : partsThrough(outside, { env: { CLAVIGER_FAULTS_ORDER: order }, args: ['--import', `file://${preload}`] })
  const bucket = { CLAVIGER_S3_BUCKET: s3.bucket, CLAVIGER_S3_ENDPOINT: s3.endpoint, CLAVIGER_S3_KEYS_FILE: keys }
  return { ...through, ...bucket, CLAVIGER_ROTATION_RETRY: '1s', CLAVIGER_TARGET_SILENCE: '15' }
}

/** An account that only the vault opens, and somebody's grant for it. */
async function place(claviger: Claviger, people: People, where: Ready | string): Promise<Place> {
  const [on, name] =
    typeof where === 'string' ? [await inLab(claviger, people, where), where.split('@')[0]] : [await addTo(claviger, where), 'ops1']
  const account = on.accounts.find((a) => a.name === name)
  if (!account) throw new Error(`${name} was not found on ${on.name}`)
  const body = { reason: 'taken over' }
  const { rotations } = await people.ask('carol', (api) => call(api, inventory.rotateAccount, { params: { id: account.id }, body }))
  const failed = rotations.find((r) => r.state === 'failed')
  if (failed) throw new Error(`${name}@${on.name} could not be taken over: ${failed.error}`)
  // whoever works off what is due may be at it already: then the answer comes before it is done
  await persist(`${name}@${on.name} to be taken over`, 120, async () => {
    const now = await people.ask('carol', (api) => call(api, inventory.getAccount, { params: { id: account.id } }))
    return now.state === 'managed' || undefined
  })
  const at = `${name}@${on.name}`
  const asked = { account: at, duration: '4h', reason: 'work among faults' }
  const request = await people.ask('alice', (api) => call(api, access.fileRequest, { body: asked }))
  const grant = request.grant ?? (await approved(people, request))
  return { on, account, at, grant: grant.id, port: on.road?.port ?? 0 }
}

async function approved(people: People, { id, digest }: access.AccessRequest): Promise<access.Grant> {
  const { api, code } = await people.person(people.approver())
  const { grant, state } = await withCode(code, (fresh) =>
    call(api, access.approveRequest, { params: { id }, body: { digest, code: fresh } }),
  )
  if (!grant) throw new Error(`alice got no grant: ${state}`)
  return grant
}

async function inLab(claviger: Claviger, people: People, at: string): Promise<Struck> {
  const { targets } = await people.ask('carol', (api) => call(api, inventory.targets, { query: { limit: 100 } }))
  const target = targets.find(({ name }) => name === at.split('@')[1])
  if (!target) throw new Error(`the lab of ${claviger.base} has no ${at}`)
  const { accounts } = await people.ask('carol', (api) => call(api, inventory.discoverTarget, { params: { id: target.id } }))
  return ofLab(target, accounts)
}
