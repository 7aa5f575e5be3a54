import { Worker } from 'node:worker_threads'
import { maskMysql } from './mask-mysql.ts'
import { blindly, type MaskedSql } from './mask-statement.ts'
import type { Answer, Question } from './mask-worker.ts'
import { isSensitive, masked } from './sensitive.ts'

export interface MaskedStatement extends MaskedSql {
  /** Of long values, by their place: whether they are secrets by their shape. */
  secretValues?: ReadonlyMap<number, boolean>
}

/** Texts above this are masked blindly: nobody types them, and the parser would need long. */
const longestParsed = 256 * 1024
/** Texts and values above this are looked at on the other thread only. */
const longestHere = 64 * 1024
const longestKept = 4096
const mostKept = 500
/** A text that takes longer is masked blindly, and the thread is begun anew. */
const patienceMs = 5_000
/** Likewise for a long one, which is then masked whole. */
const longPatienceMs = 60_000
/** The thread itself takes its time to begin on a busy machine: what waits for that was not slow. */
const startMs = 30_000

interface Asked {
  question: Question
  settle(result: MaskedStatement): void
  timer: NodeJS.Timeout
}

/** Masks SQL off the main thread. Every way to fail ends in text that was masked blindly, never in text that was not masked. */
export class Masker {
  readonly #known = new Map<string, MaskedSql>()
  readonly #harmless = new Map<string, MaskedSql>()
  readonly #asked = new Map<number, Asked>()
  #worker: Worker | undefined
  #ready = false
  #whenReady: (() => void)[] = []
  #next = 1

  /** At once where the text is known or plainly harmless; else a promise, which never fails. */
  mask(sql: string, parameters: readonly (string | null)[] = [], dialect?: 'mysql'): MaskedStatement | Promise<MaskedStatement> {
    const values = longOf(parameters)
    const long = values.length > 0 || sql.length > longestHere
    if (dialect === 'mysql') return long ? this.#ask({ sql, values, blind: false, dialect }) : maskMysql(sql)
    if (long) return this.#ask({ sql, values, blind: sql.length > longestParsed })
    // what has parameters comes again and again, and is looked at once
    const before = this.#harmless.get(sql)
    if (before) return before
    if (isHarmless(sql)) {
      const harmless = { sql, masked: false, sensitive: false }
      return parameters.length > 0 ? this.#keepHarmless(harmless) : harmless
    }
    const known = this.#known.get(sql)
    if (!known) return this.#ask({ sql, values, blind: false })
    // the newest last, so that the first is the one to forget
    this.#known.delete(sql)
    this.#known.set(sql, known)
    return known
  }

  #keepHarmless(result: MaskedSql): MaskedSql {
    if (result.sql.length > longestKept) return result
    // no order is kept: what comes often is soon there again
    if (this.#harmless.size >= mostKept) this.#harmless.clear()
    this.#harmless.set(result.sql, result)
    return result
  }

  /**
   * Resolves when the thread answers, which on a busy machine takes seconds at first; never fails, and waits no longer than a statement would. Whoever lets
   * statements pass before that is behind with what it writes down of them.
   */
  async ready(): Promise<void> {
    this.#thread()
    if (this.#ready) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, startMs).unref()
      this.#whenReady.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #ask(about: Omit<Question, 'id'>): Promise<MaskedStatement> {
    return new Promise((resolve) => {
      const question = { id: this.#next++, ...about }
      const thread = this.#thread()
      this.#asked.set(question.id, { question, settle: resolve, timer: this.#patience(question) })
      thread.postMessage(question)
    })
  }

  #patience(question: Question): NodeJS.Timeout {
    const own = isLong(question) ? longPatienceMs : patienceMs
    return setTimeout(() => this.#giveUp(question.id), this.#ready ? own : Math.max(startMs, own)).unref()
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker
    this.#ready = false
    const worker = new Worker(new URL('./mask-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', (answer: Answer) => {
      if (answer === 'ready') this.#begun(worker)
      else this.#answered(answer.id, answer.result)
    })
    const over = () => {
      if (this.#worker === worker) this.#giveUp()
    }
    worker.on('error', over).on('exit', over)
    this.#worker = worker
    return worker
  }

  #begun(worker: Worker): void {
    if (this.#worker !== worker) return
    this.#ready = true
    for (const tell of this.#whenReady.splice(0)) tell()
    for (const asked of this.#asked.values()) {
      clearTimeout(asked.timer)
      asked.timer = this.#patience(asked.question)
    }
  }

  #answered(id: number, result: MaskedStatement): void {
    const asked = this.#take(id)
    if (!asked) return
    const { sql } = asked.question
    // what was masked is not kept: it holds the secret
    if (!result.sensitive && sql.length <= longestKept && !asked.question.dialect) {
      if (this.#known.size >= mostKept) this.#known.delete(this.#known.keys().next().value as string)
      this.#known.set(sql, { sql: result.sql, masked: result.masked, sensitive: false })
    }
    asked.settle(result)
  }

  /** The thread is stuck or gone: short texts are masked here, long ones go to the next thread, but for the one that was waited for. */
  #giveUp(stuck?: number): void {
    const worker = this.#worker
    this.#worker = undefined
    void worker?.terminate()
    // what is asked from now on has its own patience
    for (const tell of this.#whenReady.splice(0)) tell()
    for (const [id, { question, settle }] of this.#asked) {
      if (isLong(question) && stuck !== undefined && id !== stuck) this.#thread().postMessage(question)
      else {
        this.#take(id)
        settle(isLong(question) ? hidden(question) : blindly(question.sql))
      }
    }
  }

  #take(id: number): Asked | undefined {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    clearTimeout(asked?.timer)
    return asked
  }
}

const isLong = ({ sql, values }: Question): boolean => sql.length > longestHere || values.length > 0
function longOf(parameters: readonly (string | null)[]): [number, string][] {
  const long: [number, string][] = []
  for (let place = 0; place < parameters.length; place++) {
    const value = parameters[place]
    if (typeof value === 'string' && value.length > longestHere) long.push([place, value])
  }
  return long
}

/** Nobody could look at it in time: viewers see none of it. */
const hidden = ({ values }: Question): MaskedStatement => ({
  ...{ sql: masked, masked: true, sensitive: true },
  secretValues: new Map(values.map(([place]) => [place, true])),
})

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

/** Begins what SQL sessions need for being written down, so that the first one does not wait for it. */
export const prepareMasking = (): void => void sharedMasker().ready()
