import type { PersonId, SessionId } from '../../../kernel/id.ts'
import type { Secret } from '../../../kernel/secret.ts'
import type { Outline, ReplayScreen, StoredRecording } from '../../recording/index.ts'
import type { WholeCheck } from './check-whole.ts'

/** A recording that somebody opened: whose it is, what reads it, and what checks all of it meanwhile. */
export interface OpenReplay {
  id: string
  person: PersonId
  session: SessionId
  recording: string
  outline: Outline
  /** Undefined where what stood there is not what was made with the outline. */
  screen(n: number): Promise<ReplayScreen | undefined>
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
 * What is open in this process. Its keys are in memory meanwhile: for as short as somebody looks, in the process that shows what they open, and gone with it.
 */
export class OpenReplays {
  readonly #open = new Map<string, { replay: OpenReplay; until: number; timer: NodeJS.Timeout }>()

  add(replay: OpenReplay): void {
    const own = [...this.#open.values()].filter((one) => one.replay.person === replay.person)
    const first = own.length >= most.person ? own[0] : this.#open.size >= most.all ? [...this.#open.values()][0] : undefined
    if (first) this.#close(first.replay.id)
    this.#keep(replay, performance.now() + longestMs)
  }

  /** For who opened it, for that session; undefined once it is over. */
  use(id: string, by: { person: PersonId; session: string }): OpenReplay | undefined {
    const found = this.#open.get(id)
    if (!found || found.replay.person !== by.person || found.replay.session !== by.session) return undefined
    clearTimeout(found.timer)
    this.#open.delete(id)
    this.#keep(found.replay, found.until)
    return found.replay
  }

  /** One whose index lied, or whose recording was destroyed. */
  drop(id: string): void {
    this.#close(id)
  }

  /** The ones used last come last. */
  #keep(replay: OpenReplay, until: number): void {
    const timer = setTimeout(() => this.#close(replay.id), Math.max(0, Math.min(idleMs, until - performance.now())))
    timer.unref()
    this.#open.set(replay.id, { replay, until, timer })
  }

  #close(id: string): void {
    const found = this.#open.get(id)
    if (!found) return
    clearTimeout(found.timer)
    this.#open.delete(id)
    const { whole, viewers, source } = found.replay
    whole.stop()
    viewers.wipe()
    void source.close().catch(() => undefined)
  }
}
