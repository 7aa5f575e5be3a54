import { type MysqlToken, mysqlTokens } from './tokens.ts'

/** What a text asks of the client's own files: none, one by its name, or what cannot be told. */
export type LocalFile = { name: string } | 'none' | 'unclear'

/** Longer ones are not taken apart. */
const longest = 262_144
const longestName = 4096
const head = ['load', 'data', 'local', 'infile'] as const

/**
 * Whether a text is `LOAD DATA LOCAL INFILE 'name'` and nothing else, and with which name. What may be one and is not written so plainly that every server
 * reads the same name in it is unclear. What is not told here, because it is put together elsewhere, nobody waits for.
 */
export function localFileIn(sql: string): LocalFile {
  if (!/\bload\b/i.test(sql) || !/\blocal\b/i.test(sql)) return 'none'
  if (sql.length > longest) return 'unclear'
  const [tokens, plain] = [mysqlTokens(sql, true), mysqlTokens(sql, false)]
  if (!tokens || JSON.stringify(tokens) !== JSON.stringify(plain)) return 'unclear'
  const begins = tokens.findIndex((_, at) => wordAt(tokens, at) === 'load' && ['data', 'xml'].includes(wordAt(tokens, at + 1) ?? ''))
  if (begins < 0 || !tokens.some((token, at) => at > begins && token.kind === 'word' && token.text === 'local')) return 'none'
  const priority = ['low_priority', 'concurrent'].includes(wordAt(tokens, 2) ?? '') ? 1 : 0
  const named = tokens[head.length + priority]
  const written = head.every((word, at) => {
    const found = wordAt(tokens, at < 2 ? at : at + priority)
    return found === word || (word === 'data' && found === 'xml')
  })
  if (!written || named?.kind !== 'literal' || named.quoted === undefined || !isName(named.quoted)) return 'unclear'
  // another statement may follow: which of them the server asks for is not told by the request
  const end = tokens.findIndex((token) => token.kind === 'sign' && token.text === ';')
  return end < 0 || end === tokens.length - 1 ? { name: named.quoted } : 'unclear'
}

const wordAt = (tokens: readonly MysqlToken[], at: number): string | undefined => {
  const token = tokens[at]
  return token?.kind === 'word' ? token.text : undefined
}

/** Nothing in it is written in another way than it is meant. */
const isName = (name: string): boolean => name.length > 0 && Buffer.byteLength(name) <= longestName && !/['\\\p{Cc}\ufffd]/u.test(name)
