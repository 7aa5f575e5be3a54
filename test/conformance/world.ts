import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { call, session } from '@claviger/api'
import { writeSignIn } from '../../cli/src/kit/sign-in.ts'
import { linuxSshHarness } from '../../server/src/targets/linux-ssh/test/harness.ts'
import { mysqlHarness } from '../../server/src/targets/mysql/test/harness.ts'
import { postgresHarness } from '../../server/src/targets/postgres/test/harness.ts'
import type { KindHarness } from '../../server/src/targets/test/harness.ts'
import { startClaviger } from '../support/claviger.ts'
import { addTarget } from '../support/own-target.ts'
import { must } from '../support/person.ts'
import { freePorts, isFree } from '../support/ports.ts'
import { type Program, startProgram } from '../support/process.ts'
import { startSwitchboard } from '../support/switchboard.ts'
import { until } from '../support/until.ts'
import { type Behind, cliFolder, Lane, mostSessions, type World } from './lane.ts'
import { openers } from './open.ts'
import { sshOptions } from './paths/native.ts'
import { type Wire, wires } from './ways.ts'

/** One whole server, a target for each wire at which nobody has to approve, and a session that carries connections to the doors. */
export interface Conformance {
  /** Each as soon as its target stands: bringing in one takes a code of the administrator's, and that is a new one every half minute. */
  lanes: Record<Wire, Promise<Lane>>
  stop(): Promise<void>
}

/** Who has nothing against him but that he is another: as the harness of each kind calls him. */
const withAnotherIdentity = /another host key|not the pinned one/

interface Own {
  /** `account@target` */
  at: string
  target: Behind
}

export async function startWorld(): Promise<Conformance> {
  const claviger = await startClaviger({ lab: true, seconds: 3600, env: { CLAVIGER_SESSIONS_PER_ACCOUNT: `${mostSessions}` } })
  const stops: (() => Promise<unknown> | unknown)[] = [() => claviger.stop()]
  const stop = async () => {
    for (const one of stops.reverse()) await one()
  }
  try {
    const [alice, carol] = await Promise.all([claviger.person('alice'), claviger.person('carol')])
    const ca = must(await call(alice.api, session.gatewayCa))
    // once: who writes it anew takes it away from a client that reads it in another lane
    const caFile = join(claviger.work, 'conformance-ca.pem')
    writeFileSync(caFile, ca)
    const world: World = { claviger, alice, carol, ca, caFile, carriers: new Set(), openers }
    for (const { name, token } of [alice, carol])
      writeSignIn(cliFolder(claviger, name), {
        server: claviger.base,
        name,
        token,
        expiresAt: new Date(Date.now() + 3600_000).toISOString(),
      })
    const doors = must(await call(alice.api, session.gateways))
    const [ssh = 0, postgres = 0, mysql = 0] = await freePorts(3)
    const carried = { ssh, postgres, mysql }
    const place = (wire: Wire) => ({ wire, door: doors[wire].port, carried: carried[wire] })
    const lane = async (wire: Wire, { at, target }: Own) => await new Lane(world, { ...place(wire), at, target }).start()

    const own = async (harness: KindHarness, name: string, before: Promise<unknown>, more: readonly string[] = []): Promise<Own> => {
      const server = await harness.start()
      stops.push(() => server.stop())
      const board = await startSwitchboard(server.settings.port)
      stops.push(() => board.stop())
      await before // codes are taken in this order
      const behindBoard = { ...server, settings: { ...server.settings, port: board.port } }
      const target = await addTarget(claviger, harness, behindBoard, { name })
      for (const account of ['ops', ...more]) await target.account(account)
      const { lock, unlock } = server
      if (!lock || !unlock) throw new Error(`accounts of ${name} cannot be locked`)
      const impostor = async () => {
        const other = server.impostors.find(({ what }) => withAnotherIdentity.test(what))
        if (!other) throw new Error(`nobody passes for ${name}`)
        const { port, heard, stop } = await other.start()
        board.leadTo(port)
        return {
          heard,
          async back() {
            board.leadTo(server.settings.port)
            await stop()
          },
        }
      }
      return { at: `ops@${name}`, target: { lock: () => lock('ops'), unlock: () => unlock('ops'), impostor } }
    }
    const sshLane = (async () => {
      const host = await own(linuxSshHarness, 'build01', Promise.resolve(), ['relay'])
      const opened = await lane('ssh', host)
      // under a grant of its own, which no act ends
      const carrier = await carry(
        await lane('ssh', { ...host, at: 'relay@build01' }),
        Object.fromEntries(wires.map((wire) => [carried[wire], doors[wire].port])),
      )
      stops.push(() => carrier.kill())
      return opened
    })()
    const postgresLane = (async () => await lane('postgres', await own(postgresHarness, 'billing-db', sshLane)))()
    const mysqlLane = (async () => await lane('mysql', await own(mysqlHarness, 'shop-db', postgresLane)))()
    for (const one of [postgresLane, mysqlLane]) one.catch(() => undefined)
    return { lanes: { ssh: sshLane, postgres: postgresLane, mysql: mysqlLane }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** `ssh -N -L …` through the gateway, for as long as the lanes run. */
async function carry(lane: Lane, ways: Readonly<Record<string, number>>): Promise<Program> {
  await lane.grant()
  const to = Object.entries(ways).flatMap(([from, door]) => ['-L', `127.0.0.1:${from}:127.0.0.1:${door}`])
  const args = ['-N', '-o', 'ExitOnForwardFailure=yes', ...to, ...(await sshOptions(lane)), 'claviger']
  const program = startProgram('ssh', args, { seconds: 3600, env: { PATH: process.env.PATH } })
  const [way = 0] = Object.keys(ways).map(Number)
  await until(
    () => `ssh to listen. It said ${program.said()}`,
    async () => {
      if (program.over()) throw new Error(`ssh ended: ${program.said()}`)
      return !(await isFree(way))
    },
  )
  // its session begins with the first connection
  const first = connect({ host: '127.0.0.1', port: way })
  first.on('error', () => undefined).once('data', () => first.destroy())
  const carrier = await until('the session that carries', async () => (await lane.sessions()).find(({ kind }) => kind === 'forward'))
  lane.world.carriers.add(carrier.id)
  return program
}
