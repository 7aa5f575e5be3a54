import { chmodSync, copyFileSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DebianCluster, startDebianCluster } from '../../server/src/platform/postgres-server/debian-cluster.fixture.ts'
import { type Claviger, type Part, startClaviger } from './claviger.ts'
import { certificateArgs, type Person } from './person.ts'
import { childrenOf } from './process.ts'
import { until } from './until.ts'

/** Two whole servers on one Debian PostgreSQL 15, each with a lab of its own; people and targets are those of `a`. */
export interface TwoServers {
  cluster: DebianCluster
  a: Claviger
  b: Claviger
  /** A person who is signed in at one, at the other: one sign-in is good for both. */
  at(server: Claviger, person: Person): Person
  /** Who sequences the ledger, once somebody does. */
  leader(): Promise<Claviger>
  stop(): Promise<void>
}

const database = 'claviger'

/** An empty database as an operator makes one, and its URL. */
export async function startDatabase(): Promise<{ cluster: DebianCluster; url: string }> {
  const cluster = await startDebianCluster()
  await cluster.sql("create role claviger_owner login createrole password 'owner of a journey'")
  await cluster.sql(`create database ${database} owner claviger_owner encoding 'UTF8' template template0`)
  return { cluster, url: cluster.url('claviger_owner', 'owner of a journey', database) }
}

export async function startTwoServers(env: { a?: NodeJS.ProcessEnv; b?: NodeJS.ProcessEnv } = {}): Promise<TwoServers> {
  const { cluster, url } = await startDatabase()
  const started: Claviger[] = []
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()))
    await cluster.close()
  }
  try {
    const a = await startClaviger({ lab: true, env: { DATABASE_URL: url, CLAVIGER_NODE_NAME: 'node-a', ...env.a } })
    started.push(a)
    const data = mkdtempSync(join(tmpdir(), 'claviger-node-b-'))
    chmodSync(data, 0o711)
    // the custodians bring the same shares to both
    mkdirSync(join(data, 'lab'), { mode: 0o711 })
    copyFileSync(join(a.data, 'lab', 'seal-shares'), join(data, 'lab', 'seal-shares'))
    const b = await startClaviger({ lab: true, data, env: { DATABASE_URL: url, CLAVIGER_NODE_NAME: 'node-b', ...env.b } })
    started.push(b)
    return {
      ...{ cluster, a, b, stop },
      at: (server, person) => {
        const api = { ...person.api, base: server.base }
        return { ...person, api, sshArgs: certificateArgs(join(server.work, `${person.name}-here`), person.name, api) }
      },
      leader: () =>
        until('one of them to sequence', async () => {
          const [row] = await cluster.sql(
            "select node from ledger_sequencer where beat_at > clock_timestamp() - interval '3 seconds'",
            database,
          )
          const parts = row && (await cluster.sql(`select name from node_part where node = '${row.node}'`, database))
          const name = parts?.[0]?.name
          return name === 'node-a' ? a : name === 'node-b' ? b : undefined
        }),
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** All processes of a server but its lab's targets: supervisor, keeper, api, gateway. */
export function processesOf(server: Claviger): number[] {
  const parts: Part[] = ['keeper', 'api', 'gateway']
  return [server.supervisor(), ...parts.map((part) => server.pid(part))]
}

/** As when the power goes: every process of the server and of its lab, at once and without a word. */
export async function cutPower(server: Claviger): Promise<void> {
  const all = [server.supervisor()]
  for (let i = 0; i < all.length && i < 500; i++) all.push(...childrenOf(all[i] as number).map((child) => child.pid))
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // gone with the others
    }
  }
  await until('it to be gone', () => !server.running())
}
