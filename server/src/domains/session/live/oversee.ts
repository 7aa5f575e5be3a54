import type { Overseen } from '../../../gateways/contract.ts'
import type { PersonId, SessionId, WatchId } from '../../../kernel/id.ts'
import type { RecordingWriter } from '../../recording/index.ts'
import { type CarryOutDeps, carriesOutOrders } from './carry-out-orders.ts'
import { openOrders, openWatches, type Watch } from './live.store.ts'
import { recognisesWatchers } from './recognise-watchers.ts'
import { type Sending, sendLive } from './send-live.ts'
import { supervise } from './supervise.ts'

/** What officers do to one running session, carried out in the process that carries it. */
export interface Oversight {
  /** Somebody began or ceased to watch, or ordered something. */
  attend(): void
  /** From now on it can be carried out. */
  by(door: Overseen): void
  /** Nothing may pass, because nobody observes it who has to. */
  readonly waiting: boolean
  /** Settles when that is over, or `signal` gives up; `say` reaches the person meanwhile. */
  whenObserved(say: (sentence: string) => void, signal: AbortSignal): Promise<void>
  /** The recording is closed: what of it is not sent yet goes to those who watch. */
  finish(): Promise<void>
  stop(): void
}

/** What of a session is overseen. */
export interface Watched {
  session: SessionId
  person: PersonId
  writer: RecordingWriter
  /** With which who watches proves it. */
  observing: Uint8Array
  /** Nothing passes any more: what waits for somebody's word waits no longer. */
  held(): void
  /** Set where policy has it supervised. */
  supervised?: { changed(by: Watch | undefined): void }
}

/** How often it is looked for watchers that went without a word. */
const lookMs = 5_000
const againMs = 1_000
const waits =
  'This session waits for an observer: nothing passes until an officer or auditor watches it. They do with claviger sessions watch, or in the console.'

export function oversee(deps: CarryOutDeps, { session, person, writer, observing: key, supervised, held: suspended }: Watched): Oversight {
  const { db, keeper, log } = deps
  const sendings = new Map<WatchId, Sending>()
  /** Who the person was told of. */
  const told = new Map<WatchId, string>()
  let door: Overseen | undefined
  /** Reaches the person before the door does. */
  let early: ((sentence: string) => void) | undefined
  let stopped = false
  let asked = false
  let looking = false
  let timer: NodeJS.Timeout | undefined
  /** An officer holds it. */
  let held = false
  let passes = true
  let arrived = Promise.withResolvers<void>()

  const say = (sentence: string) => (door ? door.say(sentence) : early?.(sentence))
  /** What officers and observers say together. */
  const apply = () => {
    if (!door || passes === !(held || orders.unheard || waiting())) return
    passes = !passes
    if (passes) door.resume()
    else {
      suspended()
      door.suspend()
    }
  }
  const supervision =
    supervised &&
    supervise({
      ...{ keeper, log, session, person, key },
      send: (watch, block) => sendings.get(watch)?.send(block),
      changed(by) {
        if (stopped) return
        supervised.changed(by)
        if (by) {
          arrived.resolve()
          apply()
          say(held || orders.unheard ? `${by.name} observes this session. It is still held.` : `${by.name} observes: this session goes on.`)
        } else {
          arrived = Promise.withResolvers<void>()
          apply()
          say(`Nobody observes this session any more. ${waits} What you type now waits.`)
        }
      },
    })
  const waiting = () => supervision !== undefined && !supervision.observed

  const orders = carriesOutOrders(deps, session, {
    message: (words) => door?.say(`A message of an officer: ${words}`) ?? false,
    hold(words) {
      say(`An officer suspended this session: ${words} What you type now waits.`)
      held = true
      apply()
    },
    letGo() {
      held = false
      apply()
      say(passes ? 'This session goes on.' : `An officer lets this session go on. ${waits}`)
    },
    holdUnheard() {
      say('This session is held until Claviger can check who ordered that. What you type now waits.')
      apply()
    },
    letGoUnheard() {
      apply()
      if (passes) say('This session goes on: no officer ordered that it be held.')
    },
  })
  const recognised = recognisesWatchers({ db, keeper, log, session, key, changed: () => attend() })
  const begin = (watch: Watch) => {
    const over = () => {
      sendings.delete(watch.id)
      later(againMs)
    }
    // said before anything is sent to them
    if (watch.kind === 'announced' && !told.has(watch.id)) {
      told.set(watch.id, watch.name)
      say(`${watch.name} watches this session now.`)
    }
    sendings.set(watch.id, sendLive(deps, watch.id, writer, over))
  }
  const cease = (id: WatchId) => {
    sendings.get(id)?.stop()
    if (told.has(id)) say(`${told.get(id)} watches this session no more.`)
    told.delete(id)
  }
  /** Answers whether to look again soon. */
  const look = async (): Promise<boolean> => {
    const [said, ordered] = await db
      .transaction()
      .execute(async (tx) => [await openWatches(tx, session), await openOrders(tx, session, 'message', 'suspend', 'resume')] as const)
    if (stopped) return false
    const watches = recognised.among(said)
    for (const watch of watches) if (!sendings.has(watch.id)) begin(watch)
    for (const id of new Set([...sendings.keys(), ...told.keys()])) if (!watches.some((watch) => watch.id === id)) cease(id)
    supervision?.watched(watches)
    // what is ordered waits until it can be carried out
    return door !== undefined && (await orders.carryOut(ordered, () => stopped))
  }
  const later = (ms: number) => {
    if (stopped) return
    clearTimeout(timer)
    timer = setTimeout(attend, ms)
  }
  const attend = () => {
    asked = true
    if (looking || !(door || early) || stopped) return
    looking = true
    void (async () => {
      try {
        let again = false
        while (asked && !stopped) {
          asked = false
          again = await look()
        }
        if (again) later(againMs)
        else if (sendings.size > 0) later(lookMs)
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
    supervision?.stop()
    for (const sending of sendings.values()) sending.stop()
  }
  return {
    attend,
    by(given) {
      door = given
      apply()
      if (waiting() && !early) say(waits)
      attend()
    },
    get waiting() {
      return waiting()
    },
    async whenObserved(sayEarly, signal) {
      if (!waiting()) return
      early = sayEarly
      say(waits)
      attend()
      const gaveUp = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      if (!signal.aborted) await Promise.race([arrived.promise, gaveUp])
    },
    async finish() {
      stopped = true
      clearTimeout(timer)
      supervision?.stop()
      await Promise.all([...sendings.values()].map((sending) => sending.finish()))
    },
    stop,
  }
}
