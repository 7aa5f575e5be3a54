import { join } from 'node:path'
import { call, inventory } from '@claviger/api'
import pg from 'pg'
import { redisHarness } from '../../../server/src/targets/redis/test/harness.ts'
import { openRoad } from '../../../server/src/targets/test/road.ts'
import type { Claviger } from '../../support/claviger.ts'
import { invite, must, type Person } from '../../support/person.ts'
import { startTwoServers, type TwoServers } from '../../support/two-servers.ts'
import { until } from '../../support/until.ts'
import { partsThrough } from '../inside.ts'
import { vaultedCredentials } from '../losses/vault.ts'
import { addTo, type Struck } from '../rotation/targets.ts'

/** Two servers on one database, one account that one person at a time may have, and people who want it. */
export interface CheckOutWorld {
  two: TwoServers
  on: Struck
  account: inventory.Account
  /** Signed in at both. */
  claimants: readonly Person[]
  /** Rows of the database that both use, past both. */
  sql<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>
  /** The password that the vault has of the account now: what its holder would be shown. */
  current(): Promise<{ version: number; text: string }>
  close(): Promise<void>
}

const names = ['erin', 'frank', 'grace', 'heidi', 'ivan']

export async function openCheckOutWorld(size: 'quick' | 'full', work: string, unsafe: boolean): Promise<CheckOutWorld> {
  const preloaded = unsafe ? partsThrough(work, { args: ['--import', `file://${join(import.meta.dirname, 'inside', 'preload.ts')}`] }) : {}
  // nobody opens a session here: a second process of the gateway would only be started again and again
  const env = { ...preloaded, CLAVIGER_GATEWAY_PROCESSES: '1' }
  const stops: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const stop of stops.toReversed()) await stop()
  }
  try {
    const harness = redisHarness('aclfile')
    const running = await harness.start()
    stops.push(() => running.stop())
    await running.addAccount('ops1', running.fresh()())
    const road = await openRoad(running.settings.port)
    stops.push(() => road.close())
    const two = await startTwoServers({ a: env, b: env })
    stops.push(() => two.stop())
    const { a } = two
    const on = await addTo(a, { name: 'the-cache', harness, running, road })
    const [carol, alice] = [await a.person('carol'), await a.person('alice')]
    const account = on.accounts.find(({ name }) => name === 'ops1')
    if (!account) throw new Error('the account of all claimants was not found')
    must(await call(carol.api, inventory.rotateAccount, { params: { id: account.id }, body: { reason: 'taken over' } }))
    const claimants = [alice]
    for (const name of size === 'full' ? names : names.slice(0, 1)) claimants.push(await invite(a, carol, name, ['engineers']))
    const pool = new pg.Pool({ connectionString: two.cluster.superuserUrl.replace(/\/postgres$/, '/claviger'), max: 3 })
    pool.on('error', () => undefined)
    stops.push(() => pool.end())
    const sql: CheckOutWorld['sql'] = async (text, values = []) => (await pool.query(text, values)).rows
    const superuser: Claviger['superuser'] = async () => ({
      sql: sql as never,
      forging: () => Promise.reject(),
      close: async () => undefined,
    })
    const current: CheckOutWorld['current'] = () =>
      until('the vault to have a password', async () => {
        const all = await vaultedCredentials({ data: a.data, superuser }, ['current'])
        const found = all.find((v) => v.account === account.id && v.kind === 'password')
        return found?.text === undefined ? undefined : { version: found.version, text: found.text }
      })
    return { two, on, account, claimants, sql, current, close }
  } catch (error) {
    await close()
    throw error
  }
}
