import type { Keeper } from '../../../keeper/client.ts'
import type { SessionId, WatchId } from '../../../kernel/id.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import { type SaidWatch, sendBlocks, type Watch } from './live.store.ts'
import { newChallenge, provenKind } from './presence-proof.ts'

export interface RecogniseDeps {
  db: Db
  keeper: Pick<Keeper, 'ask'>
  log: (line: string) => void
  session: SessionId
  /** What proofs are made with. */
  key: Uint8Array
  /** Somebody may be known now. */
  changed(): void
}

interface Asked {
  person: string
  challenge: Buffer
  /** As the keeper says it. */
  name: string | undefined
  /** What they proved: how they watch. */
  kind: Watch['kind'] | undefined
}

const againMs = 1_000
/** With these the keeper says that there is no such person, and raised an alarm where somebody made them up. */
const nobody = ['keeper.forged_row', 'keeper.unknown_row']

/**
 * Who watches a session, and whether its person is told: a row of the database says only that somebody may. They get one challenge and nothing else before
 * whoever shows the session to them has answered it in their name, with how they watch; what they are called is the keeper's word.
 */
export function recognisesWatchers({ db, keeper, log, session, key, changed }: RecogniseDeps) {
  const asked = new Map<WatchId, Asked>()

  const ask = async ({ id, person }: SaidWatch, of: Asked) => {
    const vouched = await keeper.ask('vouch', { rows: [{ kind: 'person', id: person }] })
    if (!vouched.ok && nobody.includes(vouched.error.code)) return
    if (!vouched.ok) throw new Error(vouched.error.message)
    const [row] = vouched.value.rows as { name?: unknown; state?: unknown }[]
    if (row?.state !== 'active') return
    of.name = String(row.name)
    await db.transaction().execute((tx) => sendBlocks(tx, id, [of.challenge]))
    changed()
  }
  const begin = (watch: SaidWatch) => {
    const of: Asked = { person: watch.person, challenge: newChallenge(), name: undefined, kind: undefined }
    asked.set(watch.id, of)
    ask(watch, of).catch((error: unknown) => {
      log(`somebody who watches could not be asked who they are: ${String(error)}`)
      setTimeout(() => {
        if (asked.get(watch.id) === of) asked.delete(watch.id)
        changed()
      }, againMs).unref()
    })
  }
  return {
    /** Of those who are said to watch, those who proved it, by their own name and in their own way. */
    among(watches: readonly SaidWatch[]): Watch[] {
      for (const id of asked.keys()) if (!watches.some((watch) => watch.id === id)) asked.delete(id)
      return watches.flatMap((watch) => {
        const of = asked.get(watch.id)
        if (of?.person !== watch.person) {
          begin(watch)
          return []
        }
        // how, once proven, stays: later proofs answer other challenges
        of.kind ??= watch.proof ? provenKind(key, { session, watch: watch.id, person: watch.person }, of.challenge, watch.proof) : undefined
        return of.kind && of.name !== undefined ? [{ ...watch, kind: of.kind, name: of.name }] : []
      })
    },
  }
}
