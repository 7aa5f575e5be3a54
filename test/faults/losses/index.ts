import { setTimeout as sleep } from 'node:timers/promises'
import type { Seen } from '../errand.ts'
import type { World } from '../world.ts'
import { missedCheckIns } from './check-ins.ts'
import { lostCredentials } from './credentials.ts'
import { type Kept, keepCheckpoint, lostHistory } from './ledger.ts'
import { type Around, leftovers, lookAround } from './leftovers.ts'
import type { Loss } from './loss.ts'
import { liveSessions, lostRecordings, openGrants } from './sessions.ts'

/**
 * What is still so after a while. A rotation that begins again after a crash changes a credential on the target before it is the
 * vault's current one, and has an open intent; that is no loss when it comes to its end by itself.
 */
async function lasting(look: () => Promise<Loss[]>, world: World, patienceMs: number): Promise<Loss[]> {
  const end = performance.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found.length === 0 || performance.now() > end) return found
    await sleep(2_000)
    await world.settled()
  }
}

/** Looks for everything that a fault may have lost. Each loss is told once, however often it is looked for. */
export class Losses {
  readonly #world: World
  readonly #patienceMs: number
  readonly #looked = new Set<string>()
  readonly #told = new Set<string>()
  #kept: Kept | undefined
  #around: Around | undefined

  constructor(world: World, patienceMs = 60_000) {
    this.#world = world
    this.#patienceMs = patienceMs
  }

  /** Keeps a checkpoint outside, and looks around, before faults strike. */
  async keep(): Promise<void> {
    this.#kept = await keepCheckpoint(this.#world)
    this.#around = lookAround(this.#world)
  }

  /** Only while nobody works and nothing is under way: what is unfinished then is lost. */
  async look(seen: readonly Seen[]): Promise<Loss[]> {
    const world = this.#world
    const kept = this.#kept
    const around = this.#around
    if (!kept || !around) throw new Error('no checkpoint was kept before')
    const all = [
      ...(await liveSessions(world, this.#patienceMs)),
      ...(await openGrants(world)),
      ...(await lasting(() => missedCheckIns(world), world, this.#patienceMs)),
      ...(await lasting(() => lostCredentials(world), world, this.#patienceMs)),
      ...(await lostRecordings(world, seen, this.#looked)),
      ...(await lasting(() => lostHistory(world, kept), world, this.#patienceMs)),
      ...(await lasting(() => leftovers(world, around), world, this.#patienceMs)),
    ]
    const fresh = all.filter((loss) => !this.#told.has(`${loss.kind} ${loss.what}`))
    for (const loss of fresh) this.#told.add(`${loss.kind} ${loss.what}`)
    return fresh
  }
}
