import { fail, ok, type Result } from '../../../kernel/result.ts'
import { type Answered, type Asked, command, localFileIn } from '../../../protocols/mysql/index.ts'
import type { FileAct, JudgeFile, Refusal } from '../../contract.ts'
import { FileActs } from '../../door/files/acts.ts'
import { wholePath } from '../../door/files/whole-path.ts'
import { type NamedFile, SentFile } from './sent-file.ts'
import type { SessionText } from './session-text.ts'

/** How files of the client are sent in one session. `sends`: the target was told that it may ask for them. */
export interface FilesBy {
  judge: JudgeFile | undefined
  sends: boolean
  client: 'sends' | 'keeps' | 'page'
}

/** A file that a text names. */
export interface FileWanted {
  sql: string
  name: string
}

const say = {
  page: 'This page sends no files (LOAD DATA LOCAL). Use a client, such as: claviger connect ACCOUNT@TARGET -- --local-infile',
  keeps:
    'Your client does not say that it sends files (LOAD DATA LOCAL). Start mariadb or mysql with --local-infile, or allow it in the settings of your driver.',
  noPolicy:
    'No policy lets files of your machine pass in a session of statements. A permit for transfer on this account would; ask an administrator.',
  sinceThen: 'Policy let no file pass when this session began, and does now. Connect again.',
  prepared: 'A statement that sends a file (LOAD DATA LOCAL) is not prepared here. Send it as text.',
  unclear:
    "Which file this would send cannot be told. Write it plainly and as the only statement: LOAD DATA LOCAL INFILE '/path/to/file' INTO TABLE …, the name in single quotes and without a backslash.",
} as const
/** What a text begins with that sends a file, if it is written plainly. */
const plainly = /^\s*(?:load\b|\/\*|--|#)/i
const looked = 256
/** Most texts begin with another letter. */
const beginsPlainly = (whole: Buffer): boolean => {
  const first = whole[5] ?? 0
  return (first <= 0x2f || (first | 0x20) === 0x6c) && plainly.test(whole.toString('latin1', 5, 5 + looked))
}
const mostHeld = 65_536
const nothing = Buffer.alloc(0)

/**
 * The files of a client that its statements send (`LOAD DATA LOCAL`): which text names one, whether it may pass, and what passes of it. A target may ask for
 * the file that the running statement names; whatever else it asks for nobody hears of.
 */
export class LocalFiles {
  readonly #acts: FileActs
  readonly #by: FilesBy
  #named: NamedFile | undefined
  #file: SentFile | undefined
  /** What the target says is held until it is whole. */
  #awaits: 'request' | 'answer' | undefined
  #held: Buffer[] = []
  sending = false

  constructor(tell: (act: FileAct) => void, by: FilesBy) {
    this.#acts = new FileActs(tell)
    this.#by = by
  }

  /** The number of the packet that the client expects next, while a file is under way. */
  get nextSequence(): number | undefined {
    return this.#file?.nextSequence
  }

  get holds(): boolean {
    return this.#awaits !== undefined
  }

  /** What a command would send: a file, or a sentence why not. Undefined where it sends none. */
  wantedBy(whole: Buffer, text: Pick<SessionText, 'read'>): FileWanted | { sql: string; say: string } | undefined {
    const kind = whole[4]
    if (kind !== command.query && kind !== command.prepare) return undefined
    // where the target knows that there are no files, it refuses whatever we do not recognise
    if (!this.#by.sends && !beginsPlainly(whole)) return undefined
    const bytes = whole.subarray(5)
    const { text: sql, unsureEncoding, escaped } = text.read(bytes)
    const file = localFileIn(sql)
    if (file === 'none' || (file === 'unclear' && !this.#by.sends)) return undefined
    if (this.#by.client !== 'sends') return { sql, say: say[this.#by.client] }
    if (kind === command.prepare) return { sql, say: say.prepared }
    // the target asks for it by the bytes that the client sent
    if (file === 'unclear' || unsureEncoding || escaped || !Buffer.from(sql).equals(bytes)) return { sql, say: say.unclear }
    return { sql, name: file.name }
  }

  async judge({ name }: FileWanted, signal: AbortSignal): Promise<Result<NamedFile, Refusal>> {
    const { judge, sends } = this.#by
    if (!judge) return fail({ code: 'mysql.no_files', say: say.noPolicy })
    const path = pathOf(name)
    const asked = { op: 'put', path, bytes: 0 } as const
    if (!sends && (await judge(asked, { only: true })).ok) return fail({ code: 'mysql.no_files', say: say.sinceThen })
    const judged = await judge(asked, { signal })
    if (!judged.ok) return judged
    if (!sends || path === undefined) return fail({ code: 'mysql.no_files', say: say.sinceThen })
    return ok({ name, path, passes: judged.value, judge })
  }

  /** It does not get to the target. */
  refused({ name }: FileWanted, sentence: string): void {
    if (this.#by.sends) this.#acts.begin({ op: 'put', path: pathOf(name) ?? name }).ended('failed', { message: sentence.slice(0, 200) })
  }

  /** What the target may answer to a statement that goes to it. */
  expected(asked: Asked, named: NamedFile | undefined): Asked {
    this.#named = named
    if (!named || asked.kind !== 'results') return asked
    this.#awaits = 'request'
    return { ...asked, file: Buffer.from(named.name) }
  }

  /** The target asked for it. */
  begin(): void {
    if (!this.#named) throw new Error('a file was named')
    this.#file = new SentFile(this.#acts, this.#named)
    this.sending = true
  }

  /** What the client sends. Undefined when that is no file. */
  take(chunk: Buffer) {
    const file = this.#file
    const out = file?.take(chunk)
    if (!file || !out) return undefined
    const { asking, behind, refused } = file
    if (behind) this.sending = false
    return { out, asking, behind, refused }
  }

  /** The request is passed on whole, and the answer under the number that the client counts to: its packets are not ours. */
  shown(bytes: Buffer, between: boolean): Buffer {
    this.#held.push(Buffer.from(bytes))
    const all = this.#held.length === 1 ? (this.#held[0] as Buffer) : Buffer.concat(this.#held)
    if (!between && all.length < mostHeld) {
      this.#held = [all]
      return nothing
    }
    this.#held = []
    if (this.#awaits === 'answer') all[3] = this.#file?.nextSequence ?? 0
    this.#awaits = this.#awaits === 'request' && this.sending ? 'answer' : undefined
    if (!this.#awaits) this.#file = undefined
    return all
  }

  answered({ error }: Answered): void {
    this.#file?.over(error?.message.toString('utf8').slice(0, 200))
  }

  takeBack(): boolean {
    return this.#file?.takeBack() ?? false
  }

  cut(): void {
    this.#acts.cut()
  }
}

/** Where it lies, as far as its name says so. Windows has its paths behind a letter. */
function pathOf(name: string): string | undefined {
  const drive = /^[A-Za-z]:(?=\/)/.exec(name)?.[0] ?? ''
  const path = wholePath(name.slice(drive.length), undefined)
  return path === undefined ? undefined : drive + path
}
