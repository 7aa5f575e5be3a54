import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { explain } from '../server/src/kernel/errors.ts'
import { postgresServerErrorFaces } from '../server/src/platform/postgres-server/index.ts'
import { folderFor, group, isRoot, users } from '../server/src/platform/process/identity.ts'
import { startOrdersDb } from './orders-db/index.ts'
import { labPeople, openPeople } from './people.ts'
import { type LabTarget, seedLab } from './seed.ts'
import { startWeb01 } from './web01/index.ts'

export interface RunningLab {
  people: readonly { name: string; what: string; password: string }[]
  /** The account on web01 that people may ask for, and a private key of alice's; undefined without web01. */
  sshAccount: string | undefined
  sshKey: string | undefined
  /** What is not there, and the line that brings it. */
  missing: readonly string[]
  stop(): Promise<void>
}

export interface LabOptions {
  data: string
  ports: { database: number; ssh: number }
  server: string
  /** Copies of PostgreSQL's binaries, shared with Claviger's own database. */
  binaries: string
  /** Present in the first run: then people and targets are made. */
  setupToken: string | undefined
  log: (line: string) => void
}

/** Brings up the lab's real targets and, in the first run, its people. What cannot be had on this machine is named, and the rest runs. */
export async function startLab(options: LabOptions): Promise<RunningLab> {
  const folder = folderFor(join(options.data, 'lab'), 'root', 0o711)
  const { log, ports } = options
  const missing: string[] = []
  const targets: LabTarget[] = []
  const stops: (() => Promise<void>)[] = []

  const web01 = await startWeb01({ folder: join(folder, 'web01'), port: ports.ssh, log })
  if (web01.ok) {
    const host = web01.value
    stops.push(() => host.stop())
    if (host.warning !== undefined) missing.push(host.warning)
    const manager = host.accounts[0]
    const secret = manager?.password ?? readFileSync(manager?.privateKeyFile ?? '', 'utf8')
    targets.push({
      name: 'web01',
      kind: 'linux-ssh',
      settings: {
        host: host.host,
        port: host.port,
        ...(host.authorizedKeysFile !== undefined && { authorizedKeysFile: host.authorizedKeysFile }),
      },
      login: { account: manager?.name ?? '', kind: manager?.password === undefined ? 'ssh-key' : 'password', secret },
    })
  } else missing.push(`No web01: ${web01.error.say}`)

  const orders = await startOrdersDb({
    folder: join(folder, 'orders-db'),
    port: ports.database,
    ...(isRoot() && { uid: users.labDatabase, gid: group }),
    // each rotation proves that the old password is refused, and PostgreSQL calls that fatal
    log: (line) => line.includes('password authentication failed') || log(line),
    binaries: options.binaries,
  })
  if (orders.ok) {
    const db = orders.value
    stops.push(() => db.stop())
    targets.push({
      name: 'orders-db',
      kind: 'postgres',
      settings: db.settings,
      identity: { ...db.identity },
      login: { account: 'postgres', kind: 'password', secret: db.accounts.find((a) => a.name === 'postgres')?.password ?? '' },
    })
  } else missing.push(`No orders-db: ${explain(postgresServerErrorFaces, orders.error).body.message}`)

  const stop = async (): Promise<void> => {
    for (const one of stops.toReversed()) await one()
  }
  const people = openPeople(folder)
  if (options.setupToken !== undefined) {
    try {
      await seedLab({ ...options, setupToken: options.setupToken, people, targets, log: () => undefined })
    } catch (error) {
      await stop()
      throw error
    }
  }
  const known = people.read()
  return {
    people: labPeople.map(({ name, what }) => ({ name, what, password: known[name]?.password ?? '' })),
    sshAccount: web01.ok ? web01.value.accounts.at(-1)?.name : undefined,
    sshKey: known.alice?.sshKeyFile,
    missing,
    stop,
  }
}
