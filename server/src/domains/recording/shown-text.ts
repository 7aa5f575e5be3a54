import { textOfCodes } from './code-points.ts'
import { carriageReturn, newline } from './output-text.ts'

const promptEnds = /[$#%>❯»]\s*$/u
const space = 0x20

export const endsLikePrompt = (text: string): boolean => promptEnds.test(text)

/** Text as the target sent it, without what moves the cursor: to look for the echo of a whole line in it. */
export class ShownText {
  #text = ''
  #last = 0
  #returned = false

  get length(): number {
    return this.#text.length
  }

  add(code: number): void {
    if (code === carriageReturn) this.#returned = true
    if (code < 0x20 && code !== newline) return
    // at the right margin line editors write a space or the next character, return, and go on with that character
    const wrapped = this.#returned && code !== newline && (this.#last === code || this.#last === space)
    this.#returned = false
    this.#last = code
    if (wrapped) this.#text = this.#text.slice(0, -1)
    this.#text += textOfCodes([code])
  }

  /** Where the echo ends that begins at `from` or later, at the start of a line or after something that ends like a prompt. */
  findAlone(echo: string, from: number): number | undefined {
    let at = this.#text.indexOf(echo, from)
    while (at >= 0 && !this.#standsAlone(at)) at = this.#text.indexOf(echo, at + 1)
    return at < 0 ? undefined : at + echo.length
  }

  #standsAlone(at: number): boolean {
    const before = at === 0 ? '' : this.#text.slice(this.#text.lastIndexOf('\n', at - 1) + 1, at)
    return before.trim() === '' || endsLikePrompt(before)
  }
}
