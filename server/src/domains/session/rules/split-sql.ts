/** A word in capitals, `''` for a literal, `""` for a quoted name, or a sign. */
export type SqlToken = string

/** Characters of a text that are looked at; what comes behind them is not. */
export const longestSql = 262_144

/**
 * The statements of a text, each as its tokens. Literals and comments are gone; code in MySQL's `/*! *\/` is code. `backslash`: in literals it escapes, as
 * it does in MySQL and in PostgreSQL's `E''`.
 */
export function sqlStatements(sql: string, backslash: boolean): SqlToken[][] {
  const text = sql.slice(0, longestSql)
  const all: SqlToken[][] = []
  let tokens: SqlToken[] = []
  const part = /\s+|--[^\n]*|\/\*!\d*|\*\/|\/\*|\$(\w*)\$|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|[\s\S]/y
  for (let at = 0; at < text.length; ) {
    part.lastIndex = at
    const found = part.exec(text)
    if (!found) break
    const [whole, tag] = found
    at = part.lastIndex
    if (whole === '/*') at = endOfComment(text, at)
    else if (whole === "'" || whole === '"' || whole === '`') {
      at = endOfQuote(text, at, whole, backslash && whole !== '`')
      tokens.push(whole === "'" ? "''" : '""')
    } else if (tag !== undefined) {
      const end = text.indexOf(whole, at)
      at = end < 0 ? text.length : end + whole.length
      tokens.push("''")
    } else if (whole === ';') {
      if (tokens.length > 0) all.push(tokens)
      tokens = []
    } else if (!/^(\s|--|\/\*!|\*\/)/.test(whole)) tokens.push(/^[A-Za-z_]/.test(whole) ? whole.toUpperCase() : whole)
  }
  if (tokens.length > 0) all.push(tokens)
  return all
}

/** PostgreSQL's comments nest. */
function endOfComment(text: string, from: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = from
  for (let depth = 1; depth > 0; ) {
    const found = mark.exec(text)
    if (!found) return text.length
    depth += found[0] === '/*' ? 1 : -1
  }
  return mark.lastIndex
}

function endOfQuote(text: string, from: number, quote: string, backslash: boolean): number {
  for (let at = from; at < text.length; at++) {
    if (backslash && text[at] === '\\') at += 1
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1
      at += 1
    }
  }
  return text.length
}
