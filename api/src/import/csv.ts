/** More than this is no export of a person's credentials. */
export const longestCsv = 16_777_216
const mostRows = 10_000
const mostColumns = 100

/**
 * Rows of a CSV file as RFC 4180 has it: fields between quotes hold commas, line ends and doubled quotes. A byte order mark and empty lines are
 * left out; `separator` where a product writes semicolons. Undefined where a quote is not closed, or there is more than anybody would bring.
 */
export function readCsv(text: string, separator = ','): string[][] | undefined {
  if (text.length > longestCsv) return undefined
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  const endField = () => {
    row.push(field)
    field = ''
  }
  const endRow = () => {
    endField()
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  const source = text.startsWith('\ufeff') ? text.slice(1) : text
  for (let at = 0; at < source.length; at++) {
    const c = source[at]
    if (quoted) {
      if (c !== '"') field += c
      else if (source[at + 1] === '"') {
        field += '"'
        at++
      } else quoted = false
    } else if (c === '"' && field === '') quoted = true
    else if (c === separator) endField()
    else if (c === '\n' || c === '\r') {
      if (c === '\r' && source[at + 1] === '\n') at++
      endRow()
    } else field += c
    if (rows.length > mostRows || row.length > mostColumns) return undefined
  }
  if (quoted) return undefined
  if (field !== '' || row.length > 0) endRow()
  return rows
}
