/** What the side that has the files says, in turn. After `file` its size in bytes follows, if the other side takes it. */
export type Said =
  | { kind: 'file'; size: number; name: string }
  | { kind: 'folder'; name: string }
  /** The folder is over. */
  | { kind: 'up' }
  /** Times of what comes next. */
  | { kind: 'times' }
  | { kind: 'data'; bytes: Buffer }
  /** After a file's contents: whether reading them went well. */
  | { kind: 'over'; trouble: string | null }
  /** An error in place of a file. */
  | { kind: 'trouble'; message: string }

const newline = 0x0a
const longestLine = 8_192
const fileLine = /^C[0-7]{4} (\d{1,15}) ([^/\0]+)$/
const folderLine = /^D[0-7]{4} 0 ([^/\0]+)$/
const timesLine = /^T\d{1,20} \d{1,6} \d{1,20} \d{1,6}$/

/**
 * Reads the stream of whoever sends files by the protocol of rcp and of `scp -O` (no document describes it; OpenSSH's scp.c does it). Undefined
 * where it makes no sense.
 */
export class ScpSource {
  #line: Buffer = Buffer.alloc(0)
  /** Contents that are still to come; `answer`: whether they come is not known yet. */
  #state: 'line' | 'answer' | 'contents' | 'status' = 'line'
  #left = 0

  push(bytes: Buffer): Said[] | undefined {
    return this.take(bytes)?.map(({ said }) => said)
  }

  /** The same, each with the bytes that said it. */
  take(bytes: Buffer): { said: Said; raw: Buffer }[] | undefined {
    const said: { said: Said; raw: Buffer }[] = []
    for (let at = 0; at < bytes.length; ) {
      if (this.#state === 'answer') return undefined
      if (this.#state === 'contents') {
        const piece = bytes.subarray(at, at + this.#left)
        said.push({ said: { kind: 'data', bytes: piece }, raw: piece })
        at += piece.length
        this.#left -= piece.length
        if (this.#left === 0) this.#state = 'status'
        continue
      }
      const end = this.#state === 'status' && this.#line.length === 0 && bytes[at] === 0 ? at : bytes.indexOf(newline, at)
      const piece = bytes.subarray(at, end < 0 ? bytes.length : end + 1)
      this.#line = Buffer.concat([this.#line, piece])
      at += piece.length
      if (this.#line.length > longestLine) return undefined
      if (end < 0) break
      const raw = this.#line
      const one = this.#read(raw)
      this.#line = Buffer.alloc(0)
      if (!one) return undefined
      said.push({ said: one, raw })
    }
    return said
  }

  /** What the other side said to a file that was announced. */
  answered(taken: boolean, size: number): void {
    if (this.#state !== 'answer') return
    this.#left = size
    this.#state = !taken ? 'line' : size > 0 ? 'contents' : 'status'
  }

  #read(line: Buffer): Said | undefined {
    const status = this.#state === 'status'
    if (status) this.#state = 'line'
    if (status && line[0] === 0) return { kind: 'over', trouble: null }
    const text = line.subarray(0, -1).toString()
    if (line[0] === 1 || line[0] === 2)
      return status ? { kind: 'over', trouble: text.slice(1) } : { kind: 'trouble', message: text.slice(1) }
    if (status) return undefined
    const file = fileLine.exec(text)
    if (file) {
      this.#state = 'answer'
      return sound(file[2]) ? { kind: 'file', size: Number(file[1]), name: file[2] } : undefined
    }
    const folder = folderLine.exec(text)?.[1]
    if (sound(folder)) return { kind: 'folder', name: folder }
    if (text === 'E') return { kind: 'up' }
    return timesLine.test(text) ? { kind: 'times' } : undefined
  }
}

const sound = (name: string | undefined): name is string => name !== undefined && name !== '.' && name !== '..'
