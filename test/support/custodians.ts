import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, seal } from '@claviger/api'
import { must } from './person.ts'
import { until } from './until.ts'

interface Server {
  base: string
  data: string
}

/** As the owner of the data on the server's host. */
const asHost = ({ base, data }: Server) => ({
  base,
  headers: { 'x-claviger-host': readFileSync(join(data, 'run', 'host-token'), 'utf8').trim() },
})

export const sealStatus = async ({ base }: { base: string }) => must(await call({ base }, seal.sealStatus))

/** Makes the seal; the shares are in the test's hands alone. */
export const makeSeal = async (server: Server, shares: number, threshold: number): Promise<string[]> =>
  must(await call(asHost(server), seal.sealInit, { body: { shares, threshold } })).shares

/** One custodian gives a share. */
export const give = async ({ base }: { base: string }, share: string) => await call({ base }, seal.sealUnseal, { body: { share } })

/** Custodians come one after the other until the seal is open. */
export async function openWith(server: { base: string; untilReady(): Promise<void> }, shares: readonly string[]): Promise<void> {
  const answers = []
  for (const share of shares) answers.push(must(await give(server, share)))
  if (!answers.at(-1)?.open) throw new Error(`${shares.length} shares did not open the seal`)
  await server.untilReady()
}

export const closeSeal = (server: Server & Parts): Promise<void> =>
  closing(server, async () => void must(await call(asHost(server), seal.sealClose, { body: {} })))

interface Parts {
  pid(part: 'keeper' | 'api' | 'gateway'): number
}

/** Waits until other processes took the place of those that had seen what the seal protects, as they do when it was closed. */
export async function closing(server: Server & Parts, close: () => Promise<void>): Promise<void> {
  const before = [server.pid('keeper'), server.pid('api'), server.pid('gateway')]
  await close()
  await until(
    'keeper, api and gateway to be replaced',
    async () => before.every((pid) => !existsSync(`/proc/${pid}`)) && (await sealStatus(server).catch(() => undefined))?.state === 'sealed',
    120,
  )
}
