import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, inventory, rotation } from '@claviger/api'
import { removeLater } from '../../../server/src/platform/process/remove-later.fixture.ts'
import { type Claviger, startClaviger } from '../../support/claviger.ts'
import { partsThrough } from '../inside.ts'
import { persist } from '../patience.ts'
import { People } from '../people.ts'
import { addTo, kindsOf, ofLab, type Struck, startServers, takesPart } from './targets.ts'
import { openWatch, type Watch } from './watch.ts'

/** A server whose rotations are watched from inside, and targets of every kind, each account of which was taken over. */
export interface RotationWorld {
  claviger: Claviger
  people: People
  watch: Watch
  targets: readonly Struck[]
  /** Orders one by hand. Resolves when it was answered, or when nobody answers any more. */
  order(account: inventory.Account): Promise<void>
  /** Orders several as one batch: those of one target are worked off together. */
  orderTogether(accounts: readonly inventory.Account[]): Promise<void>
  /** Starts what does not run, waits until all is well and until none of these has an order that is not done. Says what is in the way after `seconds`. */
  settled(accounts: readonly inventory.Account[], seconds: number): Promise<string | undefined>
  close(): Promise<void>
}

/** `order`: a deliberately wrong order of the steps (inside/preload.ts). */
export async function openRotationWorld(size: 'quick' | 'full', order?: string): Promise<RotationWorld> {
  const outside = mkdtempSync(join(tmpdir(), 'claviger-rotations-'))
  chmodSync(outside, 0o711) // the parts run as other users, who must be able to pass
  const watch = await openWatch(outside)
  const preload = join(import.meta.dirname, 'inside', 'preload.ts')
  const inside = { CLAVIGER_FAULTS_SOCKET: watch.socket, ...(order !== undefined && { CLAVIGER_FAULTS_ORDER: order }) }
  const through = partsThrough(outside, { env: inside, args: ['--import', `file://${preload}`] })
  // nobody opens a session here: a second process of the gateway would only be started again and again
  const env = { ...through, CLAVIGER_ROTATION_RETRY: '1s', CLAVIGER_GATEWAY_PROCESSES: '1' }
  const stops: (() => Promise<unknown>)[] = [async () => watch.close(), async () => removeLater(outside)]
  const close = async () => {
    for (const stop of stops) await stop()
  }
  try {
    const servers = startServers(kindsOf[size])
    servers.catch(() => undefined)
    const claviger = await startClaviger({ lab: true, data: join(outside, 'data'), seconds: 3 * 3600, env })
    stops.unshift(() => claviger.stop())
    const { ready, stop } = await servers
    stops.unshift(stop)
    const people = new People(claviger)
    const ask: People['ask'] = (...question) => people.ask(...question)
    const { targets: lab } = await ask('carol', (api) => call(api, inventory.targets, { query: { limit: 100 } }))
    const targets: Struck[] = []
    for (const target of lab) {
      const { accounts } = await ask('carol', (api) => call(api, inventory.discoverTarget, { params: { id: target.id } }))
      const rotated = accounts.filter(({ observedSince }) => observedSince === null)
      targets.push(ofLab(target, sorted(target, rotated)))
    }
    for (const one of ready) {
      const added = await addTo(claviger, one)
      const manager = one.running.manager().account
      targets.push({
        ...added,
        accounts: sorted(
          { manager },
          added.accounts.filter((account) => takesPart({ manager }, account)),
        ),
      })
    }
    const orderOne: RotationWorld['order'] = async ({ id }) => {
      const body = { reason: 'a rotation among faults' }
      await people.ask('carol', (api) => call(api, inventory.rotateAccount, { params: { id }, body })).catch(() => undefined)
    }
    const orderTogether: RotationWorld['orderTogether'] = async (some) => {
      const body = {
        choice: { by: 'accounts' as const, ids: some.map(({ id }) => id) },
        reason: 'rotations among faults',
        compromised: false,
      }
      await people.ask('carol', (api) => call(api, rotation.rotateMany, { body })).catch(() => undefined)
    }
    const settled: RotationWorld['settled'] = async (accounts, seconds) => {
      const wanted = new Set<string>(accounts.map(({ id }) => id))
      const waits = persist('rotations to be over', seconds, async () => {
        if (!claviger.running()) await claviger.again({ wait: false })
        if (!(await claviger.ready()).ok) throw new Error('/readyz says no')
        const { orders } = await people.ask('carol', (api) => call(api, rotation.rotationOrders, { query: { limit: 200 } }))
        const open = orders.filter(({ account }) => wanted.has(account.id))
        if (open.length === 0) return true
        throw new Error(open.map((o) => `${o.account.name}@${o.account.target} is ${o.state} ${o.error ?? ''}`).join('; '))
      })
      return await waits.then(
        () => undefined,
        (error: Error) => error.message,
      )
    }
    return { claviger, people, watch, targets, order: orderOne, orderTogether, settled, close }
  } catch (error) {
    await close()
    throw error
  }
}

const sorted = (target: Pick<inventory.Target, 'manager'>, accounts: readonly inventory.Account[]): inventory.Account[] =>
  accounts.toSorted((a, b) => Number(b.name === target.manager) - Number(a.name === target.manager))
