import { textOf } from './output-text.ts'

const longestTail = 4096
const nothing = Buffer.alloc(0)

/** Words for what must not be seen, in the languages of the prompts that we know. */
const secretWords =
  /pass[\s-]?(?:word|phrase|code|wd)|\bpin\b|\botp\b|one[\s-]time|(?:verification|security|access) code|authenticator|\btoken\b|\bsecret\b|\bkey\b|credential|passwor[td]|kennwort|mot de passe|contrase|\bclave\b|\bsenha\b|\bparola\b|has[lł]o\b|\bheslo\b|l[oö]senord|wachtwoord|adgangskode|passord|salasana|парол|密[码碼]|パスワード|暗証|비밀번호|암호/iu
const asks = /[:：?？]\s*$/u

/**
 * What the last output left behind: the line on which the cursor stands, and whether a full-screen program has the screen.
 * Cheap on bulk output: it looks at the end of each piece, and for mode switches.
 */
export class ScreenState {
  #tail: Buffer = nothing
  #edge = ''
  /** True on the alternate screen: vim, less, top. */
  alternate = false

  /** True when this piece switched to or from the alternate screen. */
  push(piece: Uint8Array): boolean {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const end = bytes.subarray(-longestTail)
    this.#tail = Buffer.concat([this.#tail, end]).subarray(-longestTail)
    return this.#switches(bytes)
  }

  /** The raw bytes of the line on which the cursor stands, up to the cursor. */
  get line(): Buffer {
    return Buffer.from(this.#tail.subarray(this.#tail.lastIndexOf(0x0a) + 1))
  }

  /** Nothing stands before the cursor on its line. */
  get atLineStart(): boolean {
    return textOf(this.line).trim() === ''
  }

  /** The last words on the screen ask for a secret. */
  get asksForSecret(): boolean {
    const last = textOf(this.#tail).trimEnd().split('\n').at(-1) ?? ''
    const words = last.slice(-200)
    return asks.test(words) && secretWords.test(words)
  }

  /** DECSET/DECRST 47, 1047, 1049 (xterm), also when cut over two pieces. */
  #switches(bytes: Buffer): boolean {
    if (this.#edge === '' && bytes.indexOf(0x1b) < 0) return false
    let switched = false
    const text = this.#edge + bytes.toString('latin1')
    for (const [, modes, final] of text.matchAll(/\x1b\[\?([\d;]{1,32})([hl])/g)) {
      if (!modes?.split(';').some((mode) => mode === '1049' || mode === '1047' || mode === '47')) continue
      const alternate = final === 'h'
      switched ||= alternate !== this.alternate
      this.alternate = alternate
    }
    const open = text.lastIndexOf('\x1b')
    this.#edge = open >= 0 && text.length - open < 40 && /^\x1b(?:\[(?:\?[\d;]*)?)?$/.test(text.slice(open)) ? text.slice(open) : ''
    return switched
  }
}
