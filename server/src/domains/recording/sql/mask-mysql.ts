import type { MaskedSql } from './mask-statement.ts'
import { isSensitive, masked } from './sensitive.ts'

/** What a statement of MySQL or MariaDB begins with. What begins otherwise is none: somebody's password, typed at the wrong prompt. */
const verbs = new Set(
  `alter analyze backup begin binlog cache call change check checksum clone commit create deallocate declare delete desc describe do drop end except execute
   explain fetch flush for get grant handler help if import insert install intersect kill load lock loop make open optimize prepare purge release rename
   repair repeat replace reset resignal restart return revoke rollback savepoint select set show shutdown signal start stop table truncate uninstall
   union unlock update use values while with xa`
    .trim()
    .split(/\s+/),
)

// in this order: comments, literals, quoted names; then words, numbers and single characters
const piece =
  /#[^\n]*|--(?=[\s\x00-\x1f]|$)[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'|"|`(?:[^`]|``)*(?:`|$)|[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*|\d+|[\s\S]/y

/** Words behind which the secret may stand without quotes, or as a number. */
const secretFollows = /pas{1,2}w|passphrase|identified|secret|token/i

/**
 * Masks one text of one or more statements as MySQL and MariaDB write them. No parser vouches for it: where anything in it speaks of a secret, every
 * literal of it goes, in either kind of quotes, and so does what begins like no statement.
 */
export function maskMysql(sql: string): MaskedSql {
  const plain = sql.replace(/^(?:\s+|\/\*[\s\S]*?\*\/|#[^\n]*\n|--\s[^\n]*\n|\()+/, '')
  if (plain === '' && !isSensitive(sql)) return { sql, masked: false, sensitive: false }
  const verb = /^[A-Za-z]+(?![\w$])/.exec(plain)?.[0].toLowerCase()
  // a comment that the server executes begins with what only some of them understand
  if (verb === undefined || !verbs.has(verb))
    return hide(sql, plain.trim() === '' || /\s/.test(plain.trim()) ? withoutLiterals(sql) : masked)
  if (!isSensitive(sql)) return { sql, masked: false, sensitive: false }
  return hide(sql, withoutLiterals(sql))
}

const hide = (sql: string, out: string): MaskedSql => ({ sql: out, masked: out !== sql, sensitive: true })

function withoutLiterals(sql: string): string {
  // whether a backslash escapes a quote depends on the session's sql_mode, which nobody knows here
  const cut = sql.includes('\\') ? sql.search(/['"]/) : -1
  const text = cut < 0 ? sql : sql.slice(0, cut)
  const out: string[] = []
  let hidden = false
  for (let at = 0; at < text.length; ) {
    piece.lastIndex = at
    const found = piece.exec(text)?.[0] ?? ''
    const quoted = found === "'" || found === '"'
    const end = quoted ? endOfLiteral(text, found, at + 1) : at + found.length
    if (found === ';') hidden = false
    if (!hidden) out.push(quoted ? `${found}${masked}${found}` : shown(found))
    // `identified by 'x'`, `set password = 0x…`, `using password(…)`: literals go anyway, and here whatever else stands there
    if (!hidden && /^[A-Za-z_]/.test(found) && secretFollows.test(found) && bareValue.test(text.slice(end, end + 200))) {
      hidden = true
      out.push(` ${masked}`)
    }
    at = end
  }
  return cut < 0 ? out.join('') : `${out.join('')}${masked}`
}

/** A value without quotes right behind: a number, a hexadecimal one, a word behind an equal sign or `by`. */
const bareValue = /^\s*(?:(?:=|:=|\bby\b(?:\s+password\b)?)\s*(?!['"(\s?@:]|password\b|null\b)[^\s;,)]|0x|\d)/i

function shown(found: string): string {
  if (/^\d{4,}$/.test(found)) return masked
  if (/^(?:#|--|\/\*)/.test(found))
    return isSensitive(found) || found.startsWith('/*!') || found.startsWith('/*M!') ? `/* ${masked} */` : found
  return found
}

/** After the quote that ends it, doubled ones passed over; the end of the text where nothing ends it. */
function endOfLiteral(sql: string, quote: string, from: number): number {
  for (let at = sql.indexOf(quote, from); at >= 0; at = sql.indexOf(quote, at + 2)) if (sql[at + 1] !== quote) return at + 1
  return sql.length
}
