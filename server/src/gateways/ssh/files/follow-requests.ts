import { type Answer, decodeExtended, type Extended, type Request, statusCodes } from '../../../protocols/sftp/index.ts'
import type { FileAct } from '../../contract.ts'
import { FileActs } from '../../door/files/acts.ts'
import type { Denied } from './judge-requests.ts'
import { OpenFile } from './open-file.ts'

/** Requests in flight; OpenSSH sends 64 at a time. */
const mostPending = 8_192
/** Files and folders that are open at a time. */
const mostOpen = 4_096

/** Why a request does not go on to the target. */
export interface No {
  code: keyof typeof statusCodes
  message: string
}

export interface FollowDeps {
  /** Called with each act before the target can get it, and when it ended. May throw: then nothing passes. */
  tell(act: FileAct): void
  /** What the person asked for and does not get. */
  refused(what: string): void
}

/** Follows each request to its answer, and knows by it which file a handle stands for and what was done to it. */
export class FileRequests {
  readonly #deps: FollowDeps
  readonly #acts: FileActs
  /** `data`: contents may come as an answer. */
  readonly #pending = new Map<number, { data: boolean; answered(answer: Answer): unknown }>()
  readonly #files = new Map<string, OpenFile>()
  readonly #folders = new Map<string, () => void>()

  constructor(deps: FollowDeps) {
    this.#deps = deps
    this.#acts = new FileActs(deps.tell)
  }

  /** Whether a request may have this id now. */
  takes(id: number): boolean {
    return !this.#pending.has(id) && this.#pending.size < mostPending
  }

  /** False for an answer that nobody asked for, or contents that nobody wanted to read. */
  answered(answer: Exclude<Answer, { kind: 'version' }>): boolean {
    const asked = this.#pending.get(answer.id)
    if (!asked || (answer.kind === 'data' && !asked.data)) return false
    this.#pending.delete(answer.id)
    asked.answered(answer)
    return true
  }

  /** The session is over. */
  cut(): void {
    this.#acts.cut()
  }

  /** Notes what is asked for; a no where we do not pass it on. */
  ask(request: Exclude<Request, { kind: 'init' }>): No | undefined {
    switch (request.kind) {
      case 'open':
      case 'opendir':
        if (this.#files.size + this.#folders.size >= mostOpen) return { code: 'failure', message: 'too many files are open' }
        return request.kind === 'open' ? this.#open(request) : this.#list(request.id, text(request.path))
      case 'read':
        return this.#read(request)
      case 'write':
        return this.#write(request)
      case 'close':
      case 'fsetstat':
      case 'fstat':
      case 'readdir':
        return this.#onHandle(request)
      case 'setstat':
        return this.#simple(request.id, 'attributes', request.path)
      case 'remove':
      case 'mkdir':
      case 'rmdir':
        return this.#simple(request.id, request.kind, request.path)
      case 'rename':
        return this.#simple(request.id, 'rename', request.path, request.to)
      case 'symlink':
        // OpenSSH takes what it points to first, and the draft the link
        return this.#simple(request.id, 'symlink', request.to, request.path)
      case 'extended':
        return this.#extended(request)
      default:
        return this.#pass(request.id)
    }
  }

  /** Policy refused it: the target does not hear of it. */
  denied(request: Exclude<Request, { kind: 'init' }>, { op, path, to, say }: Denied): No {
    const message = say.slice(0, 200)
    if (request.kind === 'read' || request.kind === 'write') this.#files.get(key(request.handle))?.failed(message)
    else this.#acts.begin({ op, path, to }).ended('failed', { message })
    return { code: 'denied', message: say }
  }

  #pass(id: number, answered: (answer: Answer) => unknown = () => {}, data = false): undefined {
    this.#pending.set(id, { data, answered })
    return undefined
  }

  #simple(id: number, op: FileAct['op'], path: Buffer | string, to?: Buffer): undefined {
    const act = this.#acts.begin({ op, path: text(path), to: to ? text(to) : null })
    return this.#pass(id, (answer) => (isOk(answer) ? act.ended('ok') : act.ended('failed', { message: messageOf(answer) })))
  }

  #open({ id, path, flags }: Extract<Request, { kind: 'open' }>): undefined {
    const file = new OpenFile(this.#acts, text(path), flags)
    return this.#pass(id, (answer) => {
      if (answer.kind === 'handle') this.#files.set(key(answer.handle), file)
      else file.refused(messageOf(answer))
    })
  }

  #list(id: number, path: string): undefined {
    const act = this.#acts.begin({ op: 'list', path })
    return this.#pass(id, (answer) => {
      if (answer.kind === 'handle') this.#folders.set(key(answer.handle), () => act.ended('ok'))
      else act.ended('failed', { message: messageOf(answer) })
    })
  }

  #onHandle(request: Extract<Request, { kind: 'close' | 'fstat' | 'readdir' | 'fsetstat' }>): No | undefined {
    const { id, kind } = request
    const name = key(request.handle)
    const file = this.#files.get(name)
    const folder = this.#folders.get(name)
    if (!file && !folder) return noHandle
    if (kind === 'fsetstat') return file ? this.#simple(id, 'attributes', file.path) : noHandle
    if (kind !== 'close') return this.#pass(id)
    this.#files.delete(name)
    this.#folders.delete(name)
    return this.#pass(id, (answer) => {
      file?.closed(isOk(answer), messageOf(answer))
      folder?.()
    })
  }

  #read({ id, handle, offset }: Extract<Request, { kind: 'read' }>): No | undefined {
    const file = this.#files.get(key(handle))
    if (!file) return noHandle
    file.asked(offset)
    return this.#pass(
      id,
      (answer) => {
        if (answer.kind === 'data') file.got(offset, answer.data)
        else if (answer.kind === 'status' && answer.code === statusCodes.denied) file.failed(messageOf(answer))
      },
      true,
    )
  }

  #write({ id, handle, offset, data }: Extract<Request, { kind: 'write' }>): No | undefined {
    const file = this.#files.get(key(handle))
    if (!file) return noHandle
    file.sent(offset, data)
    return this.#pass(id, (answer) => !isOk(answer) && file.failed(messageOf(answer)))
  }

  #extended({ id, name, fields }: Extract<Request, { kind: 'extended' }>): No | undefined {
    const asked: Extended | undefined = decodeExtended(name, fields)
    if (!asked) {
      this.#deps.refused(`the SFTP extension ${printable(name)}`)
      return { code: 'unsupported', message: 'not carried by this gateway' }
    }
    if (asked.kind === 'harmless') return this.#pass(id)
    if (asked.kind !== 'copy') return this.#simple(id, asked.kind, asked.path, 'to' in asked ? asked.to : undefined)
    const [from, into] = [this.#files.get(key(asked.from)), this.#files.get(key(asked.into))]
    if (!from || !into) return noHandle
    return this.#simple(id, 'copy', from.path, Buffer.from(into.path))
  }
}

const noHandle: No = { code: 'failure', message: 'no such handle' }
const key = (handle: Buffer): string => handle.toString('latin1')
const text = (path: Buffer | string): string => path.toString()
const isOk = (answer: Answer): boolean => answer.kind === 'status' && answer.code === statusCodes.ok
const messageOf = (answer: Answer): string =>
  answer.kind === 'status' ? answer.message.slice(0, 200) || `status ${answer.code}` : 'no answer to this'
const printable = (name: string): string => name.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, 64)
