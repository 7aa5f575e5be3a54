import { clientSays, queryMessage, readParse, readQuery } from '../../../protocols/postgres/index.ts'
import type { JudgeQuery, Refusal } from '../../contract.ts'
import { longestStatement } from './from-person.ts'

/** What reaches the target in place of what was refused: it fails there, so that its transaction and its pipeline fail as they do with any error. */
const instead = 'REFUSED BY POLICY'
const headerBytes = 5

export interface JudgedDeps {
  judge: JudgeQuery
  /** Looked at as what the client said; false where it is no message. `refused`: why the statement in it does not reach the target. */
  scan(bytes: Buffer, refused?: Refusal): boolean
  /** As the session's encoding has it. `sure`: the target reads it in the same way. */
  read(sql: Buffer): { text: string; sure: boolean }
  tell(sentence: string): void
}

/** Holds each text of statements back until policy has said yes, and puts a statement that fails in the place of what it refuses. */
export class JudgedStatements {
  readonly #deps: JudgedDeps
  #waiting: Buffer = Buffer.alloc(0)
  /** Of a message that passes in pieces: bytes that are still to come. */
  #left = 0
  #verdict: 'yes' | Refusal | undefined
  asking: Promise<void> | undefined
  #back: AbortController | undefined

  constructor(deps: JudgedDeps) {
    this.#deps = deps
  }

  /** What goes to the target now; undefined when it is no message. */
  fromPerson(chunk: Buffer): Buffer | undefined {
    if (chunk.length > 0) this.#waiting = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, chunk]) : chunk
    const passes: Buffer[] = []
    while (!this.asking) {
      const piece = this.#next()
      if (piece === 'malformed') return undefined
      if (!piece) break
      passes.push(piece)
    }
    return passes.length === 1 ? passes[0] : Buffer.concat(passes)
  }

  #next(): Buffer | 'malformed' | undefined {
    if (this.#left > 0) {
      if (this.#waiting.length === 0) return undefined
      const piece = this.#cut(Math.min(this.#left, this.#waiting.length))
      this.#left -= piece.length
      return this.#deps.scan(piece) ? piece : 'malformed'
    }
    if (this.#waiting.length < headerBytes) return undefined
    const [type, length] = [this.#waiting[0] as number, this.#waiting.readInt32BE(1) - 4]
    if (length < 0) return 'malformed'
    // one that is too long is refused by whoever records it
    if (!holds.has(type) || length > longestStatement) {
      this.#left = headerBytes + length
      return this.#next()
    }
    if (this.#waiting.length < headerBytes + length) return undefined
    return this.#judged(type, length)
  }

  #judged(type: number, length: number): Buffer | 'malformed' | undefined {
    const verdict = this.#verdict
    const body = this.#waiting.subarray(headerBytes, headerBytes + length)
    if (!verdict) {
      const sql = type === clientSays.query ? readQuery(body) : type === clientSays.parse ? readParse(body)?.sql : undefined
      // a function is called by its number, and a message that cannot be read is refused by the target for another reason
      const { text, sure } = sql ? this.#deps.read(sql) : { text: '', sure: false }
      const { judge, tell } = this.#deps
      const back = new AbortController()
      this.#back = back
      const kept = type === clientSays.parse ? ({ kept: true } as const) : {}
      this.asking = judge({ dialect: 'postgres', sql: text, sure, ...kept }, { tell, signal: back.signal }).then((judged) => {
        this.#verdict = judged.ok ? 'yes' : judged.error
        this.asking = undefined
        this.#back = undefined
      })
      return undefined
    }
    this.#verdict = undefined
    const whole = this.#cut(headerBytes + length)
    if (!this.#deps.scan(whole, verdict === 'yes' ? undefined : verdict)) return 'malformed'
    if (verdict === 'yes') return whole
    return type === clientSays.parse ? parseMessage(readParse(body)?.name ?? '') : queryMessage(instead)
  }

  /** The client wants it no longer. False where nobody is asked about anything. */
  takeBack(): boolean {
    this.#back?.abort()
    return this.#back !== undefined
  }

  #cut(count: number): Buffer {
    const piece = this.#waiting.subarray(0, count)
    this.#waiting = this.#waiting.subarray(count)
    return piece
  }
}

const holds = new Set([clientSays.query, clientSays.parse, clientSays.functionCall])

function parseMessage(name: string): Buffer {
  const body = Buffer.from(`${name}\0${instead}\0\0\0`, 'latin1')
  const header = Buffer.alloc(headerBytes)
  header[0] = clientSays.parse
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}
