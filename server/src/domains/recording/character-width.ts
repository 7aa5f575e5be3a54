const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\u{1160}-\u{11ff}]$/u
/** East Asian Wide and Fullwidth (UAX #11), by blocks; emoji that are drawn as pictures. */
const wide =
  /^[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{33ff}\u{3400}-\u{4dbf}\u{4e00}-\u{a4cf}\u{a960}-\u{a97f}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe10}-\u{fe19}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u
/** Flags are drawn from two letters of one column each. */
const flagLetter = /^\p{Regional_Indicator}$/u

/** How many columns of a terminal a character takes: 0, 1 or 2. */
export function widthOf(code: number): 0 | 1 | 2 {
  if (code < 0x300 || code > 0x10ffff) return 1
  const character = String.fromCodePoint(code)
  if (zeroWidth.test(character)) return 0
  return wide.test(character) && !flagLetter.test(character) ? 2 : 1
}
