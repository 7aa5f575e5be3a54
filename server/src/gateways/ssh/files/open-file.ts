import { OrderedHash, openFlags } from '../../../protocols/sftp/index.ts'
import type { FileAct } from '../../contract.ts'
import type { FileActs, RunningAct } from '../../door/files/acts.ts'

/** What passes of a file's contents in one direction. */
class Passing {
  readonly #hash = new OrderedHash()
  #bytes = 0
  #touched = false

  begin(offset: number): void {
    this.#touched = true
    this.#hash.begin(offset)
  }

  add(offset: number, bytes: Buffer): void {
    this.#touched = true
    this.#bytes += bytes.length
    this.#hash.add(offset, bytes)
  }

  get any(): boolean {
    return this.#touched
  }

  /** `whole`: nothing of it went wrong. */
  end(whole: boolean): Partial<FileAct> {
    const sha256 = this.#hash.digest()
    return { from: this.#hash.from, bytes: this.#bytes, sha256: whole ? sha256 : null }
  }
}

/** A file that a client holds open: what it reads and what it writes, each an act. */
export class OpenFile {
  readonly path: string
  readonly #acts: FileActs
  readonly #writes: boolean
  readonly #down = new Passing()
  readonly #up = new Passing()
  #act: RunningAct
  #failure: string | undefined

  /** Told before the target hears of it. */
  constructor(acts: FileActs, path: string, flags: number) {
    this.path = path
    this.#acts = acts
    this.#writes = (flags & openFlags.write) !== 0
    this.#act = acts.begin({ op: this.#writes ? 'put' : 'get', path }, () => this.#passed(false))
  }

  refused(message: string): void {
    this.#act.ended('failed', { message })
  }

  asked(offset: number): void {
    this.#down.begin(offset)
  }

  got(offset: number, bytes: Buffer): void {
    this.#down.add(offset, bytes)
  }

  sent(offset: number, bytes: Buffer): void {
    this.#up.add(offset, bytes)
  }

  failed(message: string): void {
    this.#failure ??= message
  }

  closed(ok: boolean, message: string): void {
    if (!ok) this.failed(message)
    const outcome = this.#failure === undefined ? 'ok' : 'failed'
    const said = { message: this.#failure ?? null }
    // what was opened for writing and read as well is two acts
    const both = this.#writes && this.#down.any
    this.#act.ended(outcome, { ...this.#passed(outcome === 'ok'), ...said })
    if (both) this.#acts.begin({ op: 'get', path: this.path }).ended(outcome, { ...this.#down.end(outcome === 'ok'), ...said })
  }

  #passed(whole: boolean): Partial<FileAct> {
    return (this.#writes ? this.#up : this.#down).end(whole)
  }
}
