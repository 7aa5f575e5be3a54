import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Secret } from '../../../kernel/secret.ts'
import type { Grown, ToGrow } from './grow-kept.ts'
import type { Question } from './outline-worker.ts'

/** One that takes longer is ended: what it was asked is bounded, so it hangs. */
const patienceMs = 60_000
const mostMemory = { maxOldGenerationSizeMb: 256 }

/** Goes on with outlines on a thread of its own, which begins when it is needed first. One at a time. */
export class OutlineThread {
  #worker: Worker | undefined

  /** Fails where the thread does; the next one is asked of a new thread. */
  async grow(what: ToGrow, viewers: Secret): Promise<Grown> {
    const question: Question = { what: copied(what), viewers: await viewers.lend('seal', (bytes) => Uint8Array.from(bytes)) }
    const worker = this.#thread()
    try {
      const answered = once(worker, 'message', { signal: AbortSignal.timeout(patienceMs) })
      // moved, not copied: no third place has the key
      worker.postMessage(question, [question.viewers.buffer as ArrayBuffer])
      const [answer] = (await answered) as [Grown]
      return answer
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./outline-worker.ts', import.meta.url), { resourceLimits: mostMemory })
    worker.unref()
    const over = () => {
      if (this.#worker === worker) this.#worker = undefined
    }
    worker.on('error', over).on('exit', over)
    this.#worker = worker
    return worker
  }
}

const copied = ({ kept, ...what }: ToGrow): ToGrow => ({
  ...what,
  kept: kept && { outline: Uint8Array.from(kept.outline), end: kept.end && { n: kept.end.n, sealed: Uint8Array.from(kept.end.sealed) } },
})
