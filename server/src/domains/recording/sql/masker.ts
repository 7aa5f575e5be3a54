import { Worker } from 'node:worker_threads'
import { blindly, type MaskedSql } from './mask-statement.ts'
import { isSensitive } from './sensitive.ts'

/** Texts above this are masked blindly: nobody types them, and the parser would need long. */
const longestParsed = 256 * 1024
const longestKept = 4096
const mostKept = 500
/** A text that takes longer is masked blindly, and the parser is begun anew. */
const patienceMs = 5_000

interface Asked {
  sql: string
  settle(result: MaskedSql): void
  timer: NodeJS.Timeout
}

/** Masks SQL off the main thread. Every way to fail ends in text that was masked blindly, never in text that was not masked. */
export class Masker {
  readonly #known = new Map<string, MaskedSql>()
  readonly #asked = new Map<number, Asked>()
  #worker: Worker | undefined
  #next = 1

  /** At once where the text is known or plainly harmless; else a promise, which never fails. */
  mask(sql: string, truncated: boolean): MaskedSql | Promise<MaskedSql> {
    if (truncated || sql.length > longestParsed) return blindly(sql)
    if (isHarmless(sql)) return { sql, masked: false, sensitive: false }
    const known = this.#known.get(sql)
    if (!known) return this.#ask(sql)
    // the newest last, so that the first is the one to forget
    this.#known.delete(sql)
    this.#known.set(sql, known)
    return known
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #ask(sql: string): Promise<MaskedSql> {
    return new Promise((resolve) => {
      const id = this.#next++
      const timer = setTimeout(() => this.#giveUp(), patienceMs)
      timer.unref()
      this.#asked.set(id, { sql, settle: resolve, timer })
      this.#thread().postMessage({ id, sql })
    })
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./mask-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', ({ id, result }: { id: number; result: MaskedSql }) => this.#answered(id, result))
    const over = () => {
      if (this.#worker === worker) this.#giveUp()
    }
    worker.on('error', over).on('exit', over)
    this.#worker = worker
    return worker
  }

  #answered(id: number, result: MaskedSql): void {
    const asked = this.#asked.get(id)
    if (!asked) return
    this.#asked.delete(id)
    clearTimeout(asked.timer)
    // what was masked is not kept: it holds the secret
    if (!result.sensitive && asked.sql.length <= longestKept) {
      if (this.#known.size >= mostKept) this.#known.delete(this.#known.keys().next().value as string)
      this.#known.set(asked.sql, result)
    }
    asked.settle(result)
  }

  #giveUp(): void {
    const worker = this.#worker
    this.#worker = undefined
    void worker?.terminate()
    for (const [id, { sql, settle, timer }] of this.#asked) {
      this.#asked.delete(id)
      clearTimeout(timer)
      settle(blindly(sql))
    }
  }
}

/** No literal, no word of secrets and more than one word: what a parser would say does not matter. */
const isHarmless = (sql: string): boolean =>
  !/['"]|\$[^\d]/.test(sql) && /\S\s+\S/.test(sql) && !isSensitive(sql) && !roleStatement.test(sql)
const roleStatement = /(?:create|alter)\s+(?:role|user|group)/i

let shared: Masker | undefined
/** One thread for all sessions of a process. */
export const sharedMasker = (): Masker => {
  shared ??= new Masker()
  return shared
}
