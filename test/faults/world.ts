import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, inventory, rotation } from '@claviger/api'
import { removeLater } from '../../server/src/platform/process/remove-later.fixture.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { prepareClock } from './clock.ts'
import { canMount, type Disks, mountDisks } from './disks.ts'
import { persist } from './patience.ts'
import { People } from './people.ts'
import { psqlWay } from './ways/psql.ts'
import { shellWay } from './ways/shell.ts'
import type { Way } from './ways/way.ts'

/** What faults strike and errands are run in: a whole server with its lab, every account taken over. */
export interface World {
  claviger: Claviger
  people: People
  /** How alice works: an errand goes one of these ways. */
  ways: readonly Way[]
  accounts: readonly inventory.Account[]
  /** Sets the clock of the server's parts so many days off; undefined where there is no libfaketime. */
  setClock: ((days: number) => void) | undefined
  /** Undefined where we are not root. */
  disks: Disks | undefined
  /** Starts what does not run, and waits until all is well. */
  standUp(): Promise<void>
  /** Waits until everything that was ordered is replaced. */
  settled(): Promise<void>
  /** Waits until no rotation is under way; what failed may wait for its next try. */
  quiet(): Promise<void>
  close(): Promise<void>
}

export async function openWorld(): Promise<World> {
  const outside = mkdtempSync(join(tmpdir(), 'claviger-faults-'))
  chmodSync(outside, 0o711) // the parts run as other users, who must be able to pass
  const data = join(outside, 'data')
  const clock = prepareClock(outside)
  const disks = canMount() ? mountDisks(data) : undefined
  const claviger = await startClaviger({ lab: true, data, seconds: 3 * 3600, env: clock?.env ?? {} }).catch((error) => {
    disks?.unmount()
    rmSync(outside, { recursive: true, force: true })
    throw error
  })
  const people = new People(claviger)
  const close = async () => {
    await claviger.halt()
    disks?.unmount()
    await claviger.stop()
    removeLater(outside)
  }
  try {
    const accounts = await takeAllOver(people)
    const own = accounts.filter((a) => a.target.name === 'web01')
    const name = (own.find((a) => a.name === 'deploy') ?? own[0])?.name
    return {
      ways: [shellWay(claviger, `${name}@web01`), psqlWay(claviger, 'app_admin@orders-db')],
      ...{ claviger, people, accounts, setClock: clock?.set, disks, close },
      settled: () => settled(people),
      quiet: () => quiet(people),
      async standUp() {
        if (!claviger.running()) await claviger.again({ wait: false })
        await claviger.untilReady(240)
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Takes every account of the lab that is not observed over, so that what is lost afterwards is lost to the vault. */
async function takeAllOver(people: People): Promise<inventory.Account[]> {
  const { targets } = await people.ask('carol', (api) => call(api, inventory.targets))
  for (const { id } of targets) {
    const { accounts } = await people.ask('carol', (api) => call(api, inventory.discoverTarget, { params: { id } }))
    const body = { reason: 'taken over' }
    for (const account of accounts.filter(isRotated)) {
      const asked = people.ask('carol', (api) => call(api, inventory.rotateAccount, { params: { id: account.id }, body }))
      const failed = (await asked).rotations.find((r) => r.state === 'failed')
      if (failed) throw new Error(`${account.name} could not be taken over: ${failed.error}`)
    }
  }
  // whoever works off what is due may be at one of them already: then the answer comes before it is done
  await settled(people)
  return (await people.ask('carol', (api) => call(api, inventory.accounts, { query: { limit: 500 } }))).accounts.filter(isRotated)
}

/** What is observed is left as it is until somebody says what uses it. */
const isRotated = ({ observedSince }: inventory.Account): boolean => observedSince === null

/** Asked of the orders: what failed is tried again until it works, and the times of rotations are those of whatever clock there was. */
const settled = (people: People): Promise<void> =>
  persist('rotations to be over', 240, async () => {
    const { orders } = await people.ask('carol', (api) => call(api, rotation.rotationOrders, { query: { state: 'open', limit: 100 } }))
    if (orders.length === 0) return true
    throw new Error(orders.map((o) => `${o.account.name}@${o.account.target} is ${o.state} ${o.error ?? ''}`).join('; '))
  }).then(() => undefined)

const quiet = (people: People): Promise<void> =>
  persist('no rotation to be under way', 240, async () => {
    const { rotations } = await people.ask('carol', (api) => call(api, inventory.rotations, { query: { limit: 100 } }))
    const open = rotations.filter((r) => r.state !== 'done' && r.state !== 'failed')
    if (open.length === 0) return true
    throw new Error(open.map((r) => `${r.account.name}@${r.account.target} is ${r.state}`).join('; '))
  }).then(() => undefined)
