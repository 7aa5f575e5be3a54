import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DebianCluster } from '../../server/src/platform/postgres-server/debian-cluster.fixture.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { closeSeal, give, makeSeal, openWith, sealStatus } from '../support/custodians.ts'
import { startDatabase } from '../support/two-servers.ts'

/* A server is its database and its shares: where the machine is lost, another with an empty folder is the same Claviger. */

let cluster: DebianCluster
let url: string
let first: Claviger
let second: Claviger
let shares: string[]
const of = (...numbers: number[]) => numbers.map((n) => shares[n - 1] ?? '')
const onDatabase = () => startClaviger({ lab: false, wait: false, env: { DATABASE_URL: url, CLAVIGER_SEAL: 'shamir' } })

beforeAll(async () => {
  ;({ cluster, url } = await startDatabase())
  first = await onDatabase()
  shares = await makeSeal(first, 5, 3)
  await openWith(first, of(1, 2, 3))
})
afterAll(async () => {
  await first?.stop()
  await second?.stop()
  await cluster?.close()
})

test('a server that joins knows the seal, takes the same shares, and counts them by itself', async () => {
  second = await onDatabase()
  const [here, there] = [await sealStatus(first), await sealStatus(second)]
  expect(here).toMatchObject({ state: 'open' })
  expect(there).toMatchObject({ state: 'sealed', shares: { given: 0, threshold: 3, shares: 5, set: here.shares?.set } })
  expect(await second.ready()).toMatchObject({ status: 503 })
  await expect(makeSeal(second, 3, 2)).rejects.toThrow('seal.initialised')
  expect(await give(second, of(5)[0] ?? '')).toMatchObject({ ok: true, value: { given: 1, open: false } })
  await openWith(second, of(4, 1))
})

test('closing one leaves the other open', async () => {
  await closeSeal(first)
  expect(await sealStatus(first)).toMatchObject({ state: 'sealed', shares: { given: 0 } })
  // the first may have sequenced what both write: then the second does that from now on
  await second.untilReady()
})

test('when both machines are lost, a third with nothing but the database and three shares goes on', async () => {
  const { shares: before } = await sealStatus(second)
  // with their folders
  await first.stop()
  await second.stop()
  first = await onDatabase()
  expect(await sealStatus(first)).toMatchObject({ state: 'sealed', shares: { set: before?.set } })
  await openWith(first, of(2, 4, 5))
})
