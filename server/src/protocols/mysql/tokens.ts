/** A word in lower case, a name that was quoted, a literal (`quoted` as it stands there: nothing escaped is undone), or a sign. */
export type MysqlToken = { kind: 'word' | 'name' | 'sign'; text: string } | { kind: 'literal'; quoted?: string }

const part =
  /\s+|--(?=[\s\0]|$)[^\n]*|#[^\n]*|\/\*[!M]?|[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*|@{1,2}[\w$.\u0080-\uffff]*|\d[\w.]*|[\s\S]/y

/**
 * The tokens of a text of MySQL or MariaDB, read by nobody's rules but ours. Undefined where its meaning rests on the server's version (code in comments), or where something does not end.
 * `backslash`: it escapes in literals, as it does unless the session says otherwise.
 */
export function mysqlTokens(sql: string, backslash: boolean): MysqlToken[] | undefined {
  const tokens: MysqlToken[] = []
  for (let at = 0; at < sql.length; ) {
    part.lastIndex = at
    const whole = part.exec(sql)?.[0] ?? ''
    at += Math.max(1, whole.length)
    if (/^\s|^--|^#/.test(whole) && whole !== '-') continue
    if (whole.startsWith('/*')) {
      const end = sql.indexOf('*/', at)
      if (whole.length > 2 || end < 0) return undefined
      at = end + 2
    } else if (whole === "'" || whole === '"' || whole === '`') {
      const end = endOfQuote(sql, at, whole, backslash && whole !== '`')
      if (end === undefined) return undefined
      const text = sql.slice(at, end - 1).replaceAll(whole + whole, whole)
      at = end
      // a double quote is a name's where the session says so
      tokens.push(whole === "'" ? { kind: 'literal', quoted: text } : { kind: 'name', text: text.toLowerCase() })
    } else if (/^[\d@]/.test(whole)) tokens.push({ kind: 'literal' })
    else if (/^[A-Za-z_$\u0080-\uffff]/.test(whole)) tokens.push({ kind: 'word', text: whole.toLowerCase() })
    else tokens.push({ kind: 'sign', text: whole })
  }
  return tokens
}

function endOfQuote(sql: string, from: number, quote: string, backslash: boolean): number | undefined {
  for (let at = from; at < sql.length; at++) {
    if (backslash && sql[at] === '\\') at += 1
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1
      at += 1
    }
  }
  return undefined
}
