import type { PersonId, SessionId } from '../../../kernel/id.ts'
import { ok, type Result } from '../../../kernel/result.ts'
import type { Secret } from '../../../kernel/secret.ts'
import type { StoredRecording } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import type { WholeCheck } from './check-whole.ts'

/** A recording that somebody opened: whose it is, what reads it, and what checks all of it meanwhile. */
export interface OpenView {
  /** The ledger's entry that says so. */
  id: string
  person: PersonId
  session: SessionId
  recording: string
  source: StoredRecording
  viewers: Secret
  whole: WholeCheck
}

/** So long after it was used last, and so long in all. */
const idleMs = 30 * 60_000
const longestMs = 8 * 3600_000
/** At a time; who opens more loses the one that they did not use for longest. */
const most = { person: 20, all: 500 }

/**
 * What is open in this process. Its keys are in memory meanwhile: for as short as somebody looks, in the process that shows what they open, and gone with it. What is not here is
 * opened anew under the same entry.
 */
export class OpenViews<V extends OpenView> {
  readonly #open = new Map<string, { view: V; until: number; timer: NodeJS.Timeout }>()
  readonly #opening = new Map<string, Promise<Result<V, SessionError>>>()
  /** Read right now, by so many; and of these what is to be closed when nobody reads it any more. */
  readonly #readers = new Map<V, number>()
  readonly #over = new Set<V>()

  add(view: V): void {
    this.#close(view.id)
    const own = [...this.#open.values()].filter((one) => one.view.person === view.person)
    const first = own.length >= most.person ? own[0] : this.#open.size >= most.all ? [...this.#open.values()][0] : undefined
    if (first) this.#close(first.view.id)
    this.#keep(view, performance.now() + longestMs)
  }

  /** Reads what was just opened: whatever becomes of it meanwhile, it stays open until `read` is over. */
  async reading<T>(view: V, read: () => Promise<T>): Promise<T> {
    const stop = this.#reads(view)
    try {
      return await read()
    } finally {
      stop()
    }
  }

  /** For who opened it, for that session: what is open, or what `open` gives, once where several ask for it at a time. */
  async use(
    id: string,
    by: { person: PersonId; session: string },
    open: () => Promise<Result<V, SessionError>>,
  ): Promise<Result<V, SessionError>> {
    const found = this.#open.get(id)
    if (found && found.view.person === by.person && found.view.session === by.session) {
      clearTimeout(found.timer)
      this.#open.delete(id)
      this.#keep(found.view, found.until)
      return ok(found.view)
    }
    const same = `${id} ${by.person} ${by.session}`
    const opening = this.#opening.get(same) ?? open().finally(() => this.#opening.delete(same))
    this.#opening.set(same, opening)
    return await opening
  }

  /** One whose index lied, or whose recording was destroyed. */
  drop(id: string): void {
    this.#close(id)
  }

  /** The ones used last come last. */
  #keep(view: V, until: number): void {
    // who asked for it begins to read in this turn
    setImmediate(this.#reads(view))
    const timer = setTimeout(() => this.#close(view.id), Math.max(0, Math.min(idleMs, until - performance.now())))
    timer.unref()
    this.#open.set(view.id, { view, until, timer })
  }

  #close(id: string): void {
    const found = this.#open.get(id)
    if (!found) return
    clearTimeout(found.timer)
    this.#open.delete(id)
    if (this.#readers.has(found.view)) this.#over.add(found.view)
    else this.#shut(found.view)
  }

  #reads(view: V): () => void {
    this.#readers.set(view, (this.#readers.get(view) ?? 0) + 1)
    return () => {
      const others = (this.#readers.get(view) ?? 1) - 1
      if (others > 0) return void this.#readers.set(view, others)
      this.#readers.delete(view)
      if (this.#over.delete(view)) this.#shut(view)
    }
  }

  #shut({ whole, viewers, source }: V): void {
    whole.stop()
    viewers.wipe()
    void source.close().catch(() => undefined)
  }
}
