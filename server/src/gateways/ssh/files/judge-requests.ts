import {
  type Answer,
  decodeExtended,
  encodePathRequest,
  openFlags,
  type Request,
  type SetAttributes,
} from '../../../protocols/sftp/index.ts'
import type { FileAct, FileAsked, JudgeFile, Refusal } from '../../contract.ts'
import { SizeJudged } from '../../door/files/size-judged.ts'
import { wholePath } from '../../door/files/whole-path.ts'

/** A request that does not go on, as it is written down. */
export interface Denied {
  op: FileAct['op']
  path: string
  to: string | null
  say: string
}

/** What is remembered of a file that is open. */
interface Judged {
  path: Buffer
  reads: SizeJudged | undefined
  writes: SizeJudged | undefined
  /** The server writes at its end, wherever the client says. */
  appends: boolean
  /** Somebody else said yes to what is written to it. */
  asked: boolean
}

type Asked = Exclude<Request, { kind: 'init' }>
/** `wait`: policy is asked; the same request comes again when it has answered. */
export type Before = 'pass' | 'wait' | Denied

/** Requests of our own have ids that no client comes to. */
const ourId = { home: 0xffff_fffe, look: 0xffff_ffff }
/** Files of which it is remembered how much was written behind their ends. */
const mostAppended = 10_000
const noLinks = 'No links are made here, since policy looks at paths: copy the file instead.'
const noFolders = 'Folders are not renamed here, since policy looks at the paths of what is in them: make a new one and move the files.'
const noCopies = 'Nothing is copied on the target here, since policy looks at sizes: get the file and put it.'
const tooMany = 'Too many files were written to in this session. Open another one.'

/** Asks policy about each request before the target gets it, and about contents as they pass. */
export class RequestJudge {
  readonly #judge: JudgeFile
  readonly #opening = new Map<number, Judged>()
  readonly #files = new Map<string, Judged>()
  readonly #reading = new Map<number, { file: Judged; offset: number }>()
  readonly #appended = new Map<string, number>()
  readonly #ours = new Map<number, (answer: Answer | undefined) => void>()
  #home: Promise<string | undefined> | undefined
  /** What policy said of the request that waits. */
  #verdict: Before | undefined
  /** Set while what comes from that side waits. */
  readonly asking: { person?: Promise<void> | undefined; target?: Promise<void> | undefined } = {}

  readonly #send: (bytes: Buffer) => void

  /** `send`: to the target, on our own account. */
  constructor(judge: JudgeFile, send: (bytes: Buffer) => void) {
    this.#judge = judge
    this.#send = send
  }

  /** What asks where relative paths begin. It goes right behind the greeting. */
  greet(): Buffer {
    this.#home = this.#answerTo(ourId.home).then((answer) => (answer?.kind === 'name' ? wholePath(answer.name, undefined) : undefined))
    return encodePathRequest('realpath', ourId.home, '.')
  }

  before(request: Asked): Before {
    const verdict = this.#verdict
    this.#verdict = undefined
    if (verdict) return verdict === 'pass' ? this.#passes(request) : verdict
    if (request.kind === 'write') return this.#write(request)
    if (request.kind === 'read') return this.#read(request)
    if (!this.#concerns(request)) return this.#passes(request)
    return this.#wait('person', async () => {
      const denied = await this.#decide(request)
      this.#verdict = denied ?? 'pass'
    })
  }

  /** `ours`: it answers a request of ours. `denied`: it says that in place of contents that may not pass. */
  answer(answer: Answer): 'pass' | 'wait' | 'ours' | { denied: string } {
    if (answer.kind === 'version') return 'pass'
    const ours = this.#ours.get(answer.id)
    if (ours) {
      this.#ours.delete(answer.id)
      ours(answer)
      return 'ours'
    }
    const opened = this.#opening.get(answer.id)
    if (opened) {
      this.#opening.delete(answer.id)
      if (answer.kind === 'handle') this.#files.set(answer.handle.toString('latin1'), opened)
    }
    const reading = this.#reading.get(answer.id)
    if (!reading) return 'pass'
    if (answer.kind === 'data') {
      const asked = reading.file.reads?.reaches(reading.offset + answer.data.length)
      if (asked) return this.#wait('target', () => asked)
    }
    this.#reading.delete(answer.id)
    const refused = answer.kind === 'data' ? reading.file.reads?.refused : undefined
    return refused ? { denied: refused.say } : 'pass'
  }

  #wait(side: 'person' | 'target', until: () => Promise<void>): 'wait' {
    this.asking[side] = until().then(() => {
      this.asking[side] = undefined
    })
    return 'wait'
  }

  #answerTo(id: number): Promise<Answer | undefined> {
    return new Promise((resolve) => void this.#ours.set(id, resolve))
  }

  /** Whether it does anything that policy is asked about. To look at names and attributes is free. */
  #concerns({ kind, ...request }: Asked): boolean {
    if (kind !== 'extended')
      return ['open', 'opendir', 'remove', 'mkdir', 'rmdir', 'rename', 'symlink', 'setstat', 'fsetstat'].includes(kind)
    const { name, fields } = request as Extract<Request, { kind: 'extended' }>
    const does = decodeExtended(name, fields)
    return does !== undefined && does.kind !== 'harmless'
  }

  #passes(request: Asked): 'pass' {
    if (request.kind === 'close') this.#files.delete(request.handle.toString('latin1'))
    return 'pass'
  }

  #write({ handle, offset, data }: Extract<Request, { kind: 'write' }>): Before {
    const file = this.#files.get(handle.toString('latin1'))
    // what is not open the target does not hear of either
    if (!file) return 'pass'
    const { writes } = file
    const shown = file.path.toString()
    if (!writes) return denied('put', shown, 'This file was not opened to be written to. Open it again.')
    const name = file.path.toString('latin1')
    const before = this.#appended.get(name) ?? 0
    if (file.appends && before === 0 && this.#appended.size >= mostAppended) return denied('put', shown, tooMany)
    const asked = writes.reaches(Math.max(offset, file.appends ? before : 0) + data.length)
    if (asked) return this.#wait('person', () => asked)
    if (writes.refused) return denied('put', shown, writes.refused.say)
    if (file.appends) this.#appended.set(name, before + data.length)
    return 'pass'
  }

  #read({ id, handle, offset }: Extract<Request, { kind: 'read' }>): Before {
    const file = this.#files.get(handle.toString('latin1'))
    if (!file) return 'pass'
    if (!file.reads) return denied('get', file.path.toString(), 'This file was not opened to be read. Open it again.')
    if (file.reads.refused) return denied('get', file.path.toString(), file.reads.refused.say)
    this.#reading.set(id, { file, offset })
    return 'pass'
  }

  async #decide(request: Asked): Promise<Denied | undefined> {
    switch (request.kind) {
      case 'open':
        return await this.#open(request)
      case 'opendir':
        return await this.#each([['list', request.path]])
      case 'remove':
      case 'mkdir':
      case 'rmdir':
        return await this.#each([[request.kind, request.path]])
      case 'setstat':
        return await this.#attributes(request.path, request.size)
      case 'fsetstat': {
        const file = this.#files.get(request.handle.toString('latin1'))
        return file && (await this.#ofOpen(file, request))
      }
      case 'rename':
        return await this.#rename(request.path, request.to)
      case 'symlink':
        return await this.#never('symlink', request.to, request.path, noLinks)
      case 'extended':
        return await this.#extended(request)
      default:
        return undefined
    }
  }

  async #extended({ name, fields }: Extract<Request, { kind: 'extended' }>): Promise<Denied | undefined> {
    const does = decodeExtended(name, fields)
    if (does?.kind === 'rename') return await this.#rename(does.path, does.to)
    if (does?.kind === 'link') return await this.#never('link', does.path, does.to, noLinks)
    if (does?.kind === 'attributes') return await this.#attributes(does.path, undefined)
    if (does?.kind === 'copy') {
      const [from, into] = [does.from, does.into].map((handle) => this.#files.get(handle.toString('latin1'))?.path)
      return from && into ? await this.#never('copy', from, into, noCopies) : undefined
    }
    return undefined
  }

  async #open({ id, path, flags }: Extract<Request, { kind: 'open' }>): Promise<Denied | undefined> {
    const writes = (flags & openFlags.write) !== 0
    const ops = [...(writes ? (['put'] as const) : []), ...(!writes || (flags & openFlags.read) !== 0 ? (['get'] as const) : [])]
    const whole = await this.#whole(path)
    const file: Judged = { path, reads: undefined, writes: undefined, appends: (flags & openFlags.append) !== 0, asked: false }
    for (const op of ops) {
      const judged = await this.#judge({ op, path: whole, bytes: 0 })
      if (!judged.ok) return deniedBy(op, path, null, judged.error)
      const size = new SizeJudged(judged.value.until, (bytes) => this.#judge({ op, path: whole, bytes }))
      if (op === 'get') file.reads = size
      else {
        file.writes = size
        file.asked = judged.value.asked ?? false
      }
    }
    this.#opening.set(id, file)
    return undefined
  }

  /**
   * Whoever may write to a file that is open may set where its contents end: scp does so at the end of each file. And who allowed the one file has
   * allowed its mode and times with it, but not whom it belongs to, nor that it runs as somebody else.
   */
  async #ofOpen({ path, writes, asked }: Judged, { size, besides }: SetAttributes): Promise<Denied | undefined> {
    if (!writes) return await this.#attributes(path, size)
    if (size !== undefined) {
      await writes.reaches(size)
      if (writes.refused) return denied('put', path.toString(), writes.refused.say)
    }
    if (besides === 'nothing') return size === undefined ? await this.#each([['attributes', path]]) : undefined
    const withPut = asked && besides === 'mode and times'
    const judged = await this.#judge({
      ...{ op: 'attributes', path: await this.#whole(path), bytes: 0 },
      ...(withPut && { allowedWithPut: true as const }),
    })
    return judged.ok ? undefined : deniedBy('attributes', path, null, judged.error)
  }

  /** To make a file larger is to write to it. */
  async #attributes(path: Buffer, size: number | undefined): Promise<Denied | undefined> {
    const denied = await this.#each([['attributes', path]])
    if (denied || size === undefined) return denied
    return await this.#each([['put', path]], size)
  }

  /** The new path is written to; and what may not be fetched is not moved to where it may. */
  async #rename(path: Buffer, to: Buffer): Promise<Denied | undefined> {
    const refused = await this.#each([
      ['rename', path],
      ['rename', to],
      ['put', to],
    ])
    if (refused) return { ...refused, op: 'rename', path: path.toString(), to: to.toString() }
    const [whole, wholeTo] = [await this.#whole(path), await this.#whole(to)]
    const [from, into] = [
      await this.#judge({ op: 'get', path: whole, bytes: 0 }, { only: true }),
      await this.#judge({ op: 'get', path: wholeTo, bytes: 0 }, { only: true }),
    ]
    if (!from.ok && into.ok) {
      const judged = await this.#judge({ op: 'get', path: whole, bytes: 0 })
      if (!judged.ok) return deniedBy('rename', path, to, judged.error)
    }
    this.#send(encodePathRequest('lstat', ourId.look, path))
    const looked = await this.#answerTo(ourId.look)
    return looked?.kind === 'attrs' && looked.folder !== false ? await this.#never('rename', path, to, noFolders) : undefined
  }

  /** Refused whatever policy says of the path, which the ledger hears too. */
  async #never(op: FileAct['op'], path: Buffer, to: Buffer, say: string): Promise<Denied> {
    await this.#judge({ op, path: undefined, bytes: 0 })
    return { op, path: path.toString(), to: to.toString(), say }
  }

  async #each(all: readonly [op: FileAsked['op'], path: Buffer][], bytes = 0): Promise<Denied | undefined> {
    for (const [op, path] of all) {
      const judged = await this.#judge({ op, path: await this.#whole(path), bytes })
      if (!judged.ok) return deniedBy(op, path, null, judged.error)
    }
    return undefined
  }

  async #whole(path: Buffer): Promise<string | undefined> {
    return wholePath(path, await this.#home)
  }
}

const denied = (op: FileAct['op'], path: string, say: string): Denied => ({ op, path, to: null, say })
const deniedBy = (op: FileAct['op'], path: Buffer, to: Buffer | null, { say }: Refusal): Denied => ({
  ...denied(op, path.toString(), say),
  to: to?.toString() ?? null,
})
