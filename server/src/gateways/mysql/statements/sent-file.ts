import { ContentsReader, packet } from '../../../protocols/mysql/index.ts'
import { OrderedHash } from '../../../protocols/sftp/index.ts'
import type { FileAct, FilePasses, JudgeFile } from '../../contract.ts'
import type { FileActs, RunningAct } from '../../door/files/acts.ts'
import { SizeJudged } from '../../door/files/size-judged.ts'
import { unlessTakenBack } from '../../door/sql/unless-taken-back.ts'

/** What goes to the target in one packet. None refuses that as too long, behind which it would take contents for commands. */
const longestPiece = 16_384
/** The first packet behind the one by which the target asks, which is the first of its answer. */
const firstOfFile = 2
const nothing = Buffer.alloc(0)

/** A file that a statement names and policy lets pass. */
export interface NamedFile {
  /** As the statement has it. */
  name: string
  path: string
  passes: FilePasses
  judge: JudgeFile
}

/**
 * One file on its way from the client to a target that asked for it. Its packets are made anew: whatever the client sends, the target gets contents and one
 * end. They are counted and hashed, and not kept.
 */
export class SentFile {
  readonly #size: SizeJudged
  readonly #hash = new OrderedHash()
  readonly #reader = new ContentsReader(firstOfFile)
  readonly #back = new AbortController()
  readonly #act: RunningAct
  #bytes = 0
  #sequence = firstOfFile
  /** Contents that did not pass yet. */
  readonly #pieces: Buffer[] = []
  #ended = false
  /** What came behind its end. */
  #after: Buffer = nothing
  #whole = false
  /** Set while policy is asked about more of it. */
  asking: Promise<void> | undefined
  /** What the client said behind its end; undefined until that passed, or would have. */
  behind: Buffer | undefined

  constructor(acts: FileActs, { path, passes, judge }: NamedFile) {
    const { signal } = this.#back
    this.#size = new SizeJudged(passes.until, async (bytes) => unlessTakenBack(await judge({ op: 'put', path, bytes }, { signal }), signal))
    this.#act = acts.begin({ op: 'put', path }, () => this.#passed())
  }

  /** The number of the packet that the client expects behind what it has sent. */
  get nextSequence(): number {
    return this.#reader.nextSequence
  }

  /** Why nothing more of it passes. */
  get refused(): string | undefined {
    return this.#size.refused?.say
  }

  /** What the target gets of what the client sent. Undefined when that is no file. */
  take(chunk: Buffer): Buffer | undefined {
    if (this.#ended) this.#after = Buffer.concat([this.#after, chunk])
    else {
      const read = this.#reader.read(chunk)
      if (!read) return undefined
      this.#pieces.push(...read.pieces)
      this.#ended = read.behind !== undefined
      this.#after = read.behind ?? nothing
    }
    const out: Buffer[] = []
    for (let piece = this.#pieces[0]; piece && this.#mayPass(piece); piece = this.#pieces[0]) {
      this.#pieces.shift()
      if (this.refused === undefined) this.#pass(piece, out)
    }
    if (this.#ended && this.#pieces.length === 0 && !this.asking && !this.behind) {
      this.behind = this.#after
      if (this.refused === undefined) {
        this.#whole = true
        out.push(packet(this.#sequence, nothing))
      }
    }
    return out.length === 0 ? nothing : Buffer.concat(out)
  }

  /** The person wants it no longer. False where nothing is asked. */
  takeBack(): boolean {
    this.#back.abort()
    return this.asking !== undefined
  }

  /** What the target made of it. */
  over(trouble: string | undefined): void {
    this.#act.ended(trouble === undefined ? 'ok' : 'failed', { ...this.#passed(), message: trouble ?? null })
  }

  #mayPass(piece: Buffer): boolean {
    if (this.asking) return false
    this.asking = this.#size.reaches(this.#bytes + piece.length)?.then(() => {
      this.asking = undefined
    })
    if (!this.asking && this.refused !== undefined) this.over(this.refused)
    return !this.asking
  }

  #pass(piece: Buffer, out: Buffer[]): void {
    this.#hash.add(this.#bytes, piece)
    this.#bytes += piece.length
    for (let at = 0; at < piece.length; at += longestPiece) {
      out.push(packet(this.#sequence, piece.subarray(at, at + longestPiece)))
      this.#sequence = (this.#sequence + 1) & 255
    }
  }

  #passed(): Pick<FileAct, 'bytes' | 'sha256'> {
    return { bytes: this.#bytes, sha256: this.#whole ? this.#hash.digest() : null }
  }
}
