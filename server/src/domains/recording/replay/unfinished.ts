/** A sequence whose text is shown to nobody (a title, a device's own data): only that it has begun counts. */
const strings = /^(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])/
/** One with parameters, or an escape with its intermediate characters. */
const open = /^(?:(?:\x1b\[|\x9b)[\x20-\x3f]*|\x1b[\x20-\x2f]*)$/
const introducers = /[\x1b\x90\x98\x9b\x9d-\x9f]/g
/** Of parameters a terminal keeps no more than this. */
const longest = 256

/**
 * The beginning of an escape sequence with which a piece of output broke off: whoever goes on behind it, without what came before, is given it first, or
 * its rest would stand on the screen as text. It is bounded, whatever the target sends.
 */
export class Unfinished {
  #open = ''

  get text(): string {
    return this.#open
  }

  push(text: string): void {
    if (text === '') return
    // of a string that goes on, only what may end it matters
    const last = lastIntroducer(text)
    const rest = last === -1 ? (this.#open === '' ? '' : this.#open + text) : text.slice(last)
    this.#open = rest === '' ? '' : stillOpen(rest)
  }
}

function lastIntroducer(text: string): number {
  let last = -1
  introducers.lastIndex = 0
  for (let hit = introducers.exec(text); hit; hit = introducers.exec(text)) last = hit.index
  return last
}

function stillOpen(rest: string): string {
  const string = strings.exec(rest)?.[0]
  // BEL and the two cancels end it; an escape would have been the last introducer itself
  if (string !== undefined) return /[\x07\x18\x1a\x9c]/.test(rest) ? '' : string
  if (/[\x18\x1a]/.test(rest)) return ''
  // control characters within a sequence were done already
  const sequence = rest.replaceAll(/(?!^)[\x00-\x1a\x1c-\x1f]/g, '')
  return open.test(sequence) ? sequence.slice(0, longest) : ''
}
