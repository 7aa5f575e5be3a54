import { isSensitive, masked, secretFollows } from './sensitive.ts'

/**
 * Masks text that no parser vouches for: mistyped, cut off, a function's body. Every string literal goes; after a word that speaks of
 * passwords everything up to the end of the statement goes, since the secret may stand there without quotes.
 */
export function maskBlindly(sql: string): string {
  const whole = sql.trim().replace(/;$/, '')
  // one word alone is nothing that SQL knows: somebody's password, typed at the wrong prompt
  if (whole !== '' && !/\s/.test(whole)) return masked
  const role = /^\s*(?:create|alter)\s+(?:role|user|group)\s+(?:"[^"]*"|[^\s";]+)/i.exec(sql)
  if (role) return role[0].length < sql.length ? `${role[0]} ${masked}` : sql
  // whether a backslash escapes a quote depends on a setting of the session, which we do not know here
  if (sql.includes('\\')) return fromFirstQuote(sql)
  return maskPieces(sql)
}

function fromFirstQuote(sql: string): string {
  const quote = sql.search(/['"$]/)
  const word = secretFollows.exec(sql)
  const from = Math.min(quote < 0 ? sql.length : quote, word ? word.index + word[0].length : sql.length)
  return from < sql.length ? `${sql.slice(0, from)} ${masked}` : sql
}

// in this order: comments, dollar quotes, literals with their doubled quotes, quoted names; then words and single characters
const piece =
  /--[^\n]*|\/\*|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|'|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|[\s\S]/y

function maskPieces(sql: string): string {
  let out = ''
  /** Up to the next semicolon nothing is shown. */
  let hidden = false
  for (let at = 0; at < sql.length; ) {
    piece.lastIndex = at
    const found = piece.exec(sql)?.[0] ?? ''
    let end = at + found.length
    let shown = found
    if (found === '/*') {
      end = after(sql, '*/', end)
      shown = comment(sql.slice(at, end))
    } else if (found.startsWith('--')) shown = comment(found)
    else if (found === "'") {
      end = endOfLiteral(sql, end)
      shown = `'${masked}'`
    } else if (found.length > 1 && found.startsWith('$')) {
      end = after(sql, found, end)
      shown = `'${masked}'`
    } else if (found === '"') {
      // a quote that nothing closes
      end = sql.length
      shown = `"${masked}`
    }
    if (found === ';') hidden = false
    if (!hidden) out += shown
    if (!hidden && /^[A-Za-z_\u0080-\uffff]/.test(found) && secretFollows.test(found)) {
      hidden = true
      out += ` ${masked}`
    }
    at = end
  }
  return out
}

const comment = (text: string): string => (isSensitive(text) ? `/* ${masked} */` : text)

/** After the next `mark`, or the end of the text. */
function after(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from)
  return at < 0 ? sql.length : at + mark.length
}

function endOfLiteral(sql: string, from: number): number {
  for (let at = sql.indexOf("'", from); at >= 0; at = sql.indexOf("'", at + 2)) if (sql[at + 1] !== "'") return at + 1
  return sql.length
}
