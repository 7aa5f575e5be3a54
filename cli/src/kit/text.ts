import { stripVTControlCharacters, styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Colours text, or leaves it as it is. */
export type Paint = (style: Style | undefined, text: string) => string
export const painter =
  (coloured: boolean): Paint =>
  (style, text) =>
    coloured && style ? styleText(style, text, { validateStream: false }) : text

/**
 * Makes text from outside harmless to print: control characters (which could move the cursor or retitle the window) and
 * marks that turn the reading direction around (which could make `alice` read as another name) become visible.
 */
export const harmless = (text: string): string =>
  text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Columns that the text takes in a terminal, near enough: one for each code point. */
export const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length

export const padTo = (width: number, text: string): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))

export const shorten = (width: number, text: string): string =>
  widthOf(text) <= width ? text : `${[...text].slice(0, Math.max(0, width - 1)).join('')}…`

/** Breaks text into lines of at most `width`, at spaces where there are any. */
export function wrap(width: number, text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line]
}
