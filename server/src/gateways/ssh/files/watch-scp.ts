import { type Said, type ScpCommand, ScpSink, ScpSource } from '../../../protocols/scp/index.ts'
import { OrderedHash } from '../../../protocols/sftp/index.ts'
import type { FileAct } from '../../contract.ts'
import { FileActs, type RunningAct } from './acts.ts'

/** A file on its way. */
class Carried {
  readonly size: number
  readonly #hash = new OrderedHash()
  readonly #act: RunningAct
  #bytes = 0
  #trouble: string | null = null

  constructor(acts: FileActs, told: Pick<FileAct, 'op' | 'path' | 'to'>, size: number) {
    this.size = size
    this.#act = acts.begin(told, () => ({ bytes: this.#bytes }))
  }

  add(bytes: Buffer): void {
    this.#hash.add(this.#bytes, bytes)
    this.#bytes += bytes.length
  }

  failed(message: string | null): void {
    this.#trouble ??= message
  }

  over(): void {
    const message = this.#trouble
    const sha256 = this.#hash.digest()
    if (message === null) this.#act.ended('ok', { bytes: this.#bytes, sha256 })
    else this.#act.ended('failed', { bytes: this.#bytes, message })
  }
}

type Waiting = 'start' | 'line' | Carried | { file: Carried } | { folder: RunningAct | undefined }

/**
 * Stands between both ends of one `scp -O`, where one side says a thing at a time and the other answers it. `path` of an act is what the client
 * asked for, `to` the name under which a file passed, with the folders above it. Whatever answers false made no sense: nothing more may pass.
 */
export class ScpWatch {
  readonly #command: ScpCommand
  readonly #acts: FileActs
  readonly #source = new ScpSource()
  readonly #sink = new ScpSink()
  readonly #folders: string[] = []
  /** What was said and has no answer yet. */
  readonly #waiting: Waiting[] = ['start']
  #file: Carried | undefined

  constructor(command: ScpCommand, tell: (act: FileAct) => void) {
    this.#command = command
    this.#acts = new FileActs(tell)
  }

  fromPerson(bytes: Buffer): boolean {
    return this.#command.op === 'put' ? this.#sent(bytes) : this.#answered(bytes)
  }

  fromTarget(bytes: Buffer): boolean {
    return this.#command.op === 'put' ? this.#answered(bytes) : this.#sent(bytes)
  }

  cut(): void {
    this.#acts.cut()
  }

  #sent(bytes: Buffer): boolean {
    const said = this.#source.push(bytes)
    return said?.every((one) => this.#take(one)) ?? false
  }

  #take(one: Said): boolean {
    switch (one.kind) {
      case 'file':
        this.#file = new Carried(this.#acts, this.#named(one.name), one.size)
        this.#waiting.push(this.#file)
        return true
      case 'data':
        this.#file?.add(one.bytes)
        return true
      case 'over':
        if (!this.#file) return false
        this.#file.failed(one.trouble)
        this.#waiting.push({ file: this.#file })
        this.#file = undefined
        return true
      case 'folder':
        // one that is sent to the target is made there; one of the target's is nothing that was done to it
        this.#waiting.push({
          folder: this.#command.op === 'put' ? this.#acts.begin({ ...this.#named(one.name), op: 'mkdir' }) : undefined,
        })
        this.#folders.push(one.name)
        return true
      case 'up':
        if (this.#folders.pop() === undefined) return false
        break
      case 'times':
        break
      case 'trouble':
        // nobody answers it
        this.#acts.begin({ op: this.#command.op, path: this.#command.path }).ended('failed', { message: one.message })
        return true
    }
    this.#waiting.push('line')
    return true
  }

  #answered(bytes: Buffer): boolean {
    const answers = this.#sink.push(bytes)
    return answers?.every((answer) => this.#hear(answer)) ?? false
  }

  #hear(trouble: string | null): boolean {
    const of = this.#waiting.shift()
    // a side that fails may say so unasked
    if (of === undefined) return trouble !== null
    if (of === 'start' || of === 'line') return true
    if (of instanceof Carried) {
      this.#source.answered(trouble === null, of.size)
      if (trouble === null) return true
      of.failed(trouble)
      of.over()
      this.#file = undefined
      return true
    }
    if ('folder' in of) {
      if (trouble === null) of.folder?.ended('ok')
      else of.folder?.ended('failed', { message: trouble })
      // nothing of it follows
      if (trouble !== null) this.#folders.pop()
      return true
    }
    of.file.failed(trouble)
    of.file.over()
    return true
  }

  #named(name: string): Pick<FileAct, 'op' | 'path' | 'to'> {
    const { op, path } = this.#command
    return { op, path, to: [...this.#folders, name].join('/') }
  }
}
