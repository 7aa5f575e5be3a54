import type { Overseen } from '../../../gateways/contract.ts'
import type { SessionId, SessionOrderId, WatchId } from '../../../kernel/id.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { RecordingWriter } from '../../recording/index.ts'
import { type Order, openOrders, openWatches, settleOrder, type Watch } from './live.store.ts'
import { type Sending, sendLive } from './send-live.ts'

/** What officers do to one running session, carried out in the process that carries it. */
export interface Oversight {
  /** Somebody began or ceased to watch, or ordered something. */
  attend(): void
  /** From now on it can be carried out. */
  by(door: Overseen): void
  /** The recording is closed: what of it is not sent yet goes to those who watch. */
  finish(): Promise<void>
  stop(): void
}

/** How often it is looked for watchers that went without a word. */
const lookMs = 5_000
const againMs = 1_000

export function oversee(deps: { db: Db; log: (line: string) => void }, session: SessionId, writer: RecordingWriter): Oversight {
  const { db, log } = deps
  const sendings = new Map<WatchId, Sending>()
  /** Who the person was told of. */
  const told = new Map<WatchId, string>()
  /** Orders that were carried out and could not be settled yet. */
  const carried = new Map<SessionOrderId, 'done' | 'not_shown'>()
  let door: Overseen | undefined
  let stopped = false
  let asked = false
  let looking = false
  let timer: NodeJS.Timeout | undefined

  const carryOut = ({ what, words }: Order): 'done' | 'not_shown' => {
    if (!door) return 'not_shown'
    if (what === 'message') return door.say(`A message of an officer: ${words}`) ? 'done' : 'not_shown'
    if (what === 'suspend') {
      door.say(`An officer suspended this session: ${words} What you type now waits.`)
      door.suspend()
    } else {
      door.resume()
      door.say('This session goes on.')
    }
    return 'done'
  }
  const begin = (watch: Watch) => {
    const over = () => {
      sendings.delete(watch.id)
      later(againMs)
    }
    sendings.set(watch.id, sendLive(deps, watch.id, writer, over))
    if (watch.kind === 'covert' || told.has(watch.id)) return
    told.set(watch.id, watch.name)
    door?.say(`${watch.name} watches this session now.`)
  }
  const cease = (id: WatchId) => {
    sendings.get(id)?.stop()
    if (told.has(id)) door?.say(`${told.get(id)} watches this session no more.`)
    told.delete(id)
  }
  const look = async () => {
    const [watches, orders] = await db
      .transaction()
      .execute(async (tx) => [await openWatches(tx, session), await openOrders(tx, session)] as const)
    if (stopped) return
    for (const watch of watches) if (!sendings.has(watch.id)) begin(watch)
    for (const id of new Set([...sendings.keys(), ...told.keys()])) if (!watches.some((watch) => watch.id === id)) cease(id)
    for (const order of orders) {
      if (stopped) return
      const outcome = carried.get(order.id) ?? carryOut(order)
      carried.set(order.id, outcome)
      await db.transaction().execute((tx) => settleOrder(tx, order.id, outcome))
      carried.delete(order.id)
    }
  }
  const later = (ms: number) => {
    if (stopped) return
    clearTimeout(timer)
    timer = setTimeout(attend, ms)
  }
  const attend = () => {
    asked = true
    if (looking || !door || stopped) return
    looking = true
    void (async () => {
      try {
        while (asked && !stopped) {
          asked = false
          await look()
        }
        if (sendings.size > 0) later(lookMs)
      } catch (error) {
        log(`what officers do to a session could not be looked at: ${String(error)}`)
        later(againMs)
      } finally {
        looking = false
      }
    })()
  }
  const stop = () => {
    stopped = true
    clearTimeout(timer)
    for (const sending of sendings.values()) sending.stop()
  }
  return {
    attend,
    by(given) {
      door = given
      attend()
    },
    async finish() {
      stopped = true
      clearTimeout(timer)
      await Promise.all([...sendings.values()].map((sending) => sending.finish()))
    },
    stop,
  }
}
