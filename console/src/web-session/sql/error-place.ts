/** Where in a text an error is: its line, and a piece of that line with the place in it. */
export interface Place {
  line: number
  column: number
  before: string
  at: string
  after: string
  /** In UTF-16, as an editor counts: from the beginning of the text. */
  offset: number
}

/** Characters of a long line, before and behind. */
const around = 60

/** `position`: a character from 1, as databases count: one that takes two places in JavaScript's strings is one. Undefined where it lies outside. */
export function placeIn(sql: string, position: number): Place | undefined {
  let offset = 0
  for (let n = 1; n < position; n++) {
    const point = sql.codePointAt(offset)
    if (point === undefined) return undefined
    offset += point > 0xffff ? 2 : 1
  }
  const begin = sql.lastIndexOf('\n', offset - 1) + 1
  const found = sql.indexOf('\n', offset)
  const end = found < 0 ? sql.length : found
  const at = /^(\w+|[\s\S])?/.exec(sql.slice(offset, Math.min(end, offset + around)))?.[0] ?? ''
  return {
    line: sql.slice(0, offset).split('\n').length,
    column: offset - begin + 1,
    before: sql.slice(Math.max(begin, offset - around), offset),
    at,
    after: sql.slice(offset + at.length, Math.min(end, offset + at.length + around)),
    offset,
  }
}
