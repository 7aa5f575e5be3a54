/*
 * A terminal's rows, as far as reading needs them: text, line ends, and what line editors use within a line. Rows that
 * the terminal broke at its right margin are joined again. Full-screen programs come out as what they wrote, in order.
 */

/** One printable character, or one control that moves or erases within a line, or anything else that is left out. */
const piece = /\u001b\[([0-9;?]*)([@-~])|\u001b[ -/]+[0-~]|\u001b[^[]|[\u0000-\u001f\u007f-\u009f]|./gsu
const tab = 8

export function screenText(output: string, width: number): string {
  const lines: string[] = []
  /** Earlier rows of the present line, which the margin broke, and the row that is written on. */
  let before = ''
  let row: string[] = []
  let at = 0

  const put = (character: string) => {
    if (at >= width) {
      before += row.join('')
      row = []
      at = 0
    }
    while (row.length < at) row.push(' ')
    row[at] = character
    at += 1
  }
  const endLine = () => {
    lines.push((before + row.join('')).trimEnd())
    before = ''
    row = []
  }
  for (const [text, parameters = '', final] of output.matchAll(piece)) {
    const count = Number(parameters) || 1
    if (final === 'K') row = parameters === '' || parameters === '0' ? row.slice(0, at) : []
    else if (final === 'C') at += Math.min(count, width)
    else if (final === 'D') at = Math.max(0, at - count)
    else if (final === 'P') row.splice(at, count)
    else if (final === '@') row.splice(at, 0, ...Array<string>(Math.min(count, width)).fill(' '))
    else if (text === '\n') endLine()
    else if (text === '\r') at = 0
    else if (text === '\b') at = Math.max(0, at - 1)
    else if (text === '\t') at += tab - (at % tab)
    else if (text >= ' ' && !/^[\u001b\u007f-\u009f]/.test(text)) put(text)
  }
  if (before || row.length > 0) endLine()
  return lines.map((line) => `${line}\n`).join('')
}
