const newline = 0x0a
const longestLine = 8_192

/** What the side that gets the files says to each thing that it is sent: null when it is well, else why not. Undefined where it makes no sense. */
export class ScpSink {
  #line: Buffer = Buffer.alloc(0)

  push(bytes: Buffer): (string | null)[] | undefined {
    const answers: (string | null)[] = []
    for (let at = 0; at < bytes.length; ) {
      if (this.#line.length === 0 && bytes[at] === 0) {
        answers.push(null)
        at += 1
        continue
      }
      const end = bytes.indexOf(newline, at)
      const piece = bytes.subarray(at, end < 0 ? bytes.length : end + 1)
      this.#line = Buffer.concat([this.#line, piece])
      at += piece.length
      const [kind] = this.#line
      if ((kind !== 1 && kind !== 2) || this.#line.length > longestLine) return undefined
      if (end < 0) break
      answers.push(this.#line.subarray(1, -1).toString())
      this.#line = Buffer.alloc(0)
    }
    return answers
  }
}
