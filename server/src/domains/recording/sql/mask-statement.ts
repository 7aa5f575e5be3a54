import { loadModule, parseSync, scanSync } from 'libpg-query'
import { maskBlindly } from './mask-blindly.ts'
import { isSensitive, masked } from './sensitive.ts'

export interface MaskedSql {
  sql: string
  masked: boolean
  /** Values of parameters belong to something secret, and the target's messages may repeat it. */
  sensitive: boolean
}

/** PostgreSQL's own parser (WebAssembly) is loaded once, before the first call of `maskStatement`. */
export const loadParser = loadModule

/** Masks one text of one or more statements, as PostgreSQL's own parser reads it. What it cannot read is masked blindly. */
export function maskStatement(sql: string): MaskedSql {
  if (sql.trim() === '') return { sql, masked: false, sensitive: false }
  let starts: number[]
  try {
    starts = parseSync(sql).stmts?.map((s) => s.stmt_location ?? 0) ?? []
  } catch {
    return blindly(sql)
  }
  if (!isSensitive(sql)) return { sql, masked: false, sensitive: false }
  try {
    return maskParts(sql, starts)
  } catch {
    return blindly(sql)
  }
}

function maskParts(sql: string, starts: readonly number[]): MaskedSql {
  const bytes = Buffer.from(sql)
  // each statement with what stands before the next one, so that no comment falls between two
  const ends = [...starts.slice(1), bytes.length]
  const parts = starts.length === 0 ? [maskTokens(bytes)] : starts.map((from, i) => maskPart(bytes.subarray(i === 0 ? 0 : from, ends[i])))
  const out = parts.join('')
  return { sql: out, masked: out !== sql, sensitive: true }
}

/** The answer for text that the parser refused, never saw or did not finish. */
export function blindly(sql: string): MaskedSql {
  const out = maskBlindly(sql)
  return { sql: out, masked: out !== sql, sensitive: true }
}

function maskPart(part: Buffer): string {
  return isSensitive(part.toString()) ? maskTokens(part) : part.toString()
}

/** All literals of a statement in which any may be a secret; names, numbers of a few digits and harmless comments stay. */
function maskTokens(part: Buffer): string {
  const text = part.toString()
  // with standard_conforming_strings off the session reads a backslash in another way than the parser did
  if (text.includes('\\')) return maskBlindly(text)
  let out = ''
  let at = 0
  let before = ''
  for (const token of scanSync(text).tokens) {
    const own = part.subarray(token.start, token.end).toString()
    out += part.subarray(at, token.start).toString() + maskToken(own, before)
    at = token.end
    before = own
  }
  return out + part.subarray(at).toString()
}

function maskToken(token: string, before: string): string {
  const dollar = /^\$(?:[^\d$][^$]*)?\$/.exec(token)?.[0]
  if (dollar) {
    // a function's body: what it does stays readable
    const body = token.slice(dollar.length, -dollar.length)
    return /^(?:do|as)$/i.test(before) ? `${dollar}${maskBlindly(body)}${dollar}` : `'${masked}'`
  }
  if (/^(?:[enbx]|u&)?'/i.test(token)) return `'${masked}'`
  if (/^\d/.test(token)) return token.length < 4 ? token : masked
  if (/^(?:--|\/\*)/.test(token)) return isSensitive(token) ? `/* ${masked} */${token.endsWith('\n') ? '\n' : ''}` : token
  // who comes from another database puts a value into double quotes, which makes it a name here
  if (/^"/.test(token) && before === '=') return `"${masked}"`
  return token
}
