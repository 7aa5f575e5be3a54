import type { Keeper } from '../../../keeper/client.ts'
import type { PersonId, SessionId, WatchId } from '../../../kernel/id.ts'
import type { Watch } from './live.store.ts'
import { newChallenge, proves } from './presence-proof.ts'

/** Whether somebody who may is there to see what happens. */
export interface Supervision {
  readonly observed: boolean
  /** Who watches now: that they still do, they prove again and again. */
  watched(watches: readonly Watch[]): void
  stop(): void
}

export interface SuperviseDeps {
  keeper: Pick<Keeper, 'ask'>
  log: (line: string) => void
  session: SessionId
  /** Whose session it is. */
  person: PersonId
  /** What proofs are made with. */
  key: Uint8Array
  /** To one watcher, among what it watches. */
  send(watch: WatchId, block: Uint8Array): void
  /** `by`: who came. Nobody is there any more without. */
  changed(by: Watch | undefined): void
}

interface Observer {
  watch: Watch
  may: boolean
  /** Challenges that are not answered, and when each was sent. */
  open: Map<Buffer, number>
  provenAt: number
}

const everyMs = 250
/** Who has not answered for so long is not there. */
const silentMs = 1_000
const mayObserve = ['security', 'auditors']

export function supervise(deps: SuperviseDeps): Supervision {
  const observers = new Map<WatchId, Observer>()
  let observed = false

  const look = () => {
    const now = performance.now()
    const there = [...observers.values()].filter((o) => now - o.provenAt <= silentMs)
    if (observed === there.length > 0) return
    observed = !observed
    deps.changed(there[0]?.watch)
  }
  const prove = ({ watch, open }: Observer): number | undefined => {
    if (!watch.proof) return undefined
    for (const [challenge, sentAt] of open)
      if (proves(deps.key, { session: deps.session, watch: watch.id, person: watch.person, kind: 'announced' }, challenge, watch.proof))
        return sentAt
    return undefined
  }
  const begin = (watch: Watch) => {
    const observer: Observer = { watch, may: false, open: new Map(), provenAt: Number.NEGATIVE_INFINITY }
    observers.set(watch.id, observer)
    mayBe(deps, watch).then(
      (may) => {
        observer.may = may
        ask()
      },
      (error: unknown) => deps.log(`an observer could not be looked at: ${String(error)}`),
    )
  }
  const ask = () => {
    const now = performance.now()
    for (const { watch, may, open } of observers.values()) {
      for (const [challenge, sentAt] of open) if (now - sentAt > silentMs) open.delete(challenge)
      if (!may) continue
      const challenge = newChallenge()
      open.set(challenge, now)
      deps.send(watch.id, challenge)
    }
    look()
  }
  const timer = setInterval(ask, everyMs)
  return {
    get observed() {
      return observed
    },
    watched(watches) {
      const counted = watches.filter((w) => w.kind === 'announced')
      for (const id of observers.keys()) if (!counted.some((w) => w.id === id)) observers.delete(id)
      for (const watch of counted) {
        const known = observers.get(watch.id)
        if (!known) begin(watch)
        // another name than the one that was looked at is nobody
        else if (known.watch.person !== watch.person) known.may = false
        else {
          known.watch = watch
          const sentAt = known.may ? prove(known) : undefined
          if (sentAt === undefined) continue
          known.provenAt = sentAt
          for (const [challenge, at] of known.open) if (at <= sentAt) known.open.delete(challenge)
        }
      }
      look()
    },
    stop: () => clearInterval(timer),
  }
}

/** Somebody else than the person, and nobody whom they brought in; by the keeper's word alone. */
async function mayBe({ keeper, person }: SuperviseDeps, watch: Watch): Promise<boolean> {
  if (watch.person === person) return false
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'person', id: watch.person }] })
  if (!vouched.ok) return false
  const [row] = vouched.value.rows as { state?: unknown; groups?: unknown; introduced_by?: unknown }[]
  const groups = Array.isArray(row?.groups) ? row.groups : []
  return row?.state === 'active' && row.introduced_by !== person && groups.some((g) => mayObserve.includes(g))
}
