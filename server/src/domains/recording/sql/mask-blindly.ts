import { isSensitive, masked, secretFollows } from './sensitive.ts'

/**
 * Masks text that no parser vouches for: mistyped, cut off, a function's body. Every string literal goes; after a word that speaks of
 * passwords everything up to the end of the statement goes, since the secret may stand there without quotes.
 */
export function maskBlindly(sql: string, depth = 0): string {
  const whole = sql.trim().replace(/;$/, '')
  // one word alone is nothing that SQL knows: somebody's password, typed at the wrong prompt
  if (whole !== '' && !/\s/.test(whole)) return masked
  const role = /^\s*(?:create|alter)\s+(?:role|user|group)\s+(?:"[^"]*"|[^\s";]+)/i.exec(sql)
  if (role) return role[0].length < sql.length ? `${role[0]} ${masked}` : sql
  // whether a backslash escapes a quote depends on a setting of the session, which we do not know here
  if (sql.includes('\\')) return fromFirstQuote(sql)
  return maskPieces(sql, depth)
}

function fromFirstQuote(sql: string): string {
  const quote = sql.search(/['"$]/)
  const word = secretFollows.exec(sql)
  const from = Math.min(quote < 0 ? sql.length : quote, word ? word.index + word[0].length : sql.length)
  return from < sql.length ? `${sql.slice(0, from)} ${masked}` : sql
}

// in this order: comments, dollar quotes, literals, quoted names; then words, what is between words, and single characters
const piece =
  /--[^\n]*|\/\*|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|'|"|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|[\s\d,()=<>.*+]+|[\s\S]/y

/** A body within a body within a body is one too many. */
const deepest = 3

function maskPieces(sql: string, depth: number): string {
  let out = ''
  /** The word that a statement begins with, and the one before. */
  let first = ''
  let before = ''
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
      end = endOfQuoted(sql, "'", end)
      shown = `'${masked}'`
    } else if (found.length > 1 && found.startsWith('$')) {
      const inside = end
      end = after(sql, found, end)
      // what a body does stays readable: a text that nobody parses must not hide what it executes
      const body = (/^as$/i.test(before) || /^do$/i.test(first)) && depth < deepest
      shown = body ? bodyOf(sql.slice(inside, end), found, depth) : `'${masked}'`
    } else if (found === '"') {
      const close = endOfQuoted(sql, '"', end, -1)
      // one that nothing closes is no name
      shown = close < 0 ? `"${masked}` : sql.slice(at, close)
      end = close < 0 ? sql.length : close
    }
    if (found === ';') {
      hidden = false
      first = ''
    }
    if (!hidden) out += shown
    if (!hidden && /^[A-Za-z_\u0080-\uffff]/.test(found) && secretFollows.test(found)) {
      hidden = true
      out += ` ${masked}`
    }
    if (/\S/.test(found)) {
      before = found
      if (first === '' && found !== ';') first = found
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

/** After the quote that ends it, doubled ones passed over; `otherwise` where nothing ends it. */
function endOfQuoted(sql: string, quote: string, from: number, otherwise = sql.length): number {
  for (let at = sql.indexOf(quote, from); at >= 0; at = sql.indexOf(quote, at + 2)) if (sql[at + 1] !== quote) return at + 1
  return otherwise
}

function bodyOf(rest: string, quote: string, depth: number): string {
  const closed = rest.endsWith(quote)
  const body = closed ? rest.slice(0, -quote.length) : rest
  return `${quote}${maskBlindly(body, depth + 1)}${closed ? quote : ''}`
}
