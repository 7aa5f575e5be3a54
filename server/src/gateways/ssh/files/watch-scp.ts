import { type Said, type ScpCommand, ScpSink, ScpSource } from '../../../protocols/scp/index.ts'
import { OrderedHash } from '../../../protocols/sftp/index.ts'
import type { FileAct } from '../../contract.ts'
import { FileActs, type RunningAct } from '../../door/files/acts.ts'
import type { ScpJudge } from './judge-scp.ts'

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

interface Judging {
  judge: ScpJudge
  /** Tells the side that has the files; answers what it was told. */
  refuse(sentence: string): Buffer
}

/**
 * Stands between both ends of one `scp -O`, where one side says a thing at a time and the other answers it. `path` of an act is what the client
 * asked for, `to` the name under which a file passed, with the folders above it. Where it answers undefined, that made no sense: nothing more may pass.
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
  readonly #judging: Judging | undefined
  /** What waits while policy is asked. */
  readonly #said: { said: Said; raw: Buffer }[] = []

  constructor(command: ScpCommand, tell: (act: FileAct) => void, judging?: Judging) {
    this.#command = command
    this.#acts = new FileActs(tell)
    this.#judging = judging
  }

  /** What of it may pass. */
  fromPerson(bytes: Buffer): Buffer | undefined {
    return this.#command.op === 'put' ? this.#sent(bytes) : this.#answered(bytes)
  }

  fromTarget(bytes: Buffer): Buffer | undefined {
    return this.#command.op === 'put' ? this.#answered(bytes) : this.#sent(bytes)
  }

  cut(): void {
    this.#acts.cut()
  }

  #sent(bytes: Buffer): Buffer | undefined {
    if (this.#judging) return this.#judged(bytes, this.#judging)
    const said = this.#source.push(bytes)
    return said?.every((one) => this.#take(one)) ? bytes : undefined
  }

  /** Line by line: the beginning of one that may be refused does not pass. */
  #judged(bytes: Buffer, { judge, refuse }: Judging): Buffer | undefined {
    const taken = this.#source.take(bytes)
    if (!taken) return undefined
    this.#said.push(...taken)
    const passes: Buffer[] = []
    for (let next = this.#said[0]; next && !judge.asking.person && !judge.asking.target; next = this.#said[0]) {
      const { said, raw } = next
      const verdict = said.kind === 'file' || said.kind === 'folder' ? judge.before(said, this.#folders) : 'pass'
      if (verdict === 'wait') break
      this.#said.shift()
      if (verdict === 'pass') {
        if (!this.#take(said)) return undefined
        passes.push(raw)
      } else {
        this.#denied(said, verdict.say)
        const no = refuse(verdict.say)
        // to whom it would have gone
        if (this.#command.op === 'get') passes.push(no)
      }
    }
    return passes.length === 1 ? passes[0] : Buffer.concat(passes)
  }

  #denied(said: Said, say: string): void {
    if (said.kind !== 'file' && said.kind !== 'folder') return
    if (said.kind === 'file') this.#source.answered(false, said.size)
    const named = this.#named(said.name)
    const op = said.kind === 'folder' ? 'mkdir' : named.op
    this.#acts.begin({ ...named, op }).ended('failed', { message: say.slice(0, 200) })
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

  #answered(bytes: Buffer): Buffer | undefined {
    const answers = this.#sink.push(bytes)
    return answers?.every((answer) => this.#hear(answer)) ? bytes : undefined
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
