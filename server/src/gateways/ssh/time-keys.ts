import type { PersonInput } from './person-input.ts'

/**
 * Ctrl-] and then r asks for more time. A client of SSH takes `~` for itself, a shell and its programs every other control character: this one is
 * telnet's, and in a shell jumps to a character. It is looked for only from a warning on; whatever else follows it passes with it.
 */
const first = 0x1d
const asks = new Set([0x72, 0x52])
/** Nothing followed: it was meant for the target. */
const alone = 1_000
const longestLine = 64
const [enter, newline, interrupt, endOfInput, backspace, rubout] = [0x0d, 0x0a, 0x03, 0x04, 0x08, 0x7f]

export interface TimeKeys {
  /** What the person types, without what is for us. */
  input: PersonInput
  /** From now on the keys are looked for. */
  arm(): void
  /** The next line that is typed is for us: nothing of it passes or is shown. Empty when it was given up. */
  line(): Promise<string>
}

export function timeKeys(input: PersonInput, pressed: () => void): TimeKeys {
  let armed = false
  /** The first key was typed, and not what follows it. */
  let begun: NodeJS.Timeout | undefined
  let pass: (bytes: Buffer) => void = () => {}
  let asked: { typed: string; done: (line: string) => void } | undefined

  const release = () => {
    clearTimeout(begun)
    begun = undefined
  }
  /** For us: answers what comes behind the line. */
  const type = (bytes: Buffer): Buffer => {
    for (const [at, byte] of bytes.entries()) {
      if (!asked) return bytes.subarray(at)
      const over = byte === enter || byte === newline
      if (over || byte === interrupt || byte === endOfInput) {
        asked.done(over ? asked.typed : '')
        asked = undefined
      } else if (byte === backspace || byte === rubout) asked.typed = asked.typed.slice(0, -1)
      else if (byte >= 0x20 && byte < 0x7f && asked.typed.length < longestLine) asked.typed += String.fromCharCode(byte)
    }
    return bytes.subarray(bytes.length)
  }
  const take = (bytes: Buffer): Buffer => {
    const rest = asked ? type(bytes) : bytes
    if (!armed || asked || rest.length === 0) return rest
    const out: Buffer[] = []
    let from = 0
    for (let at = 0; at < rest.length; at++) {
      const byte = rest[at] as number
      if (begun) {
        release()
        // the key before: for us, or it passes now with what follows
        if (asks.has(byte)) {
          from = at + 1
          pressed()
        } else out.push(Buffer.of(first))
      }
      if (byte !== first) continue
      out.push(rest.subarray(from, at))
      from = at + 1
      begun = setTimeout(() => {
        begun = undefined
        pass(Buffer.of(first))
      }, alone)
    }
    out.push(rest.subarray(from))
    return Buffer.concat(out)
  }
  return {
    input: {
      ...input,
      start(onData, onEnd) {
        pass = onData
        const end = () => {
          if (begun) onData(Buffer.of(first))
          release()
          asked?.done('')
          onEnd()
        }
        input.start((bytes) => {
          const rest = take(bytes)
          if (rest.length > 0) onData(rest)
        }, end)
      },
    },
    arm() {
      armed = true
    },
    line: () =>
      new Promise((done) => {
        asked?.done('')
        asked = { typed: '', done }
      }),
  }
}
