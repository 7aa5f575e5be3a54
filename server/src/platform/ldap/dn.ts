/*
 * Distinguished names (RFC 4514) as text: read into their parts, compared, and put together from values that came from outside.
 */

/** One `attribute=value` of a name; a multi-valued one (`cn=a+uid=b`) is kept as its first pair and its text. */
export interface NamePart {
  attribute: string
  value: string
}

/** Longest name that is read: a directory's own limit is below it. */
const longest = 2048

/** The parts of a name, most specific first; undefined when it is none. */
export function parseDn(text: string): NamePart[] | undefined {
  if (text.length > longest) return undefined
  const parts: NamePart[] = []
  for (const piece of split(text)) {
    const match = /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)\s*=\s*(.*)$/s.exec(piece)
    if (!match?.[1] || match[2] === undefined) return undefined
    const value = unescaped(match[2])
    if (value === undefined || value === '') return undefined
    parts.push({ attribute: match[1].toLowerCase(), value })
  }
  return parts.length > 0 ? parts : undefined
}

/** One spelling for each name, to compare: attributes and values as they match in a directory (case and outer spaces do not count). */
export const sameName = (text: string): string =>
  parseDn(text)
    ?.map(({ attribute, value }) => `${attribute}=${escapeValue(value.toLowerCase().replace(/\s+/g, ' ').trim())}`)
    .join(',') ?? text.toLowerCase()

/** `uid=jane,ou=people,…` from its parts. The value may be anything. */
export const childOf = (parent: string, attribute: string, value: string): string => `${attribute}=${escapeValue(value)},${parent}`

/** Whether a name is `base` or below it. */
export const isBelow = (name: string, base: string): boolean => name === base || sameName(name).endsWith(`,${sameName(base)}`)

/** RFC 4514 section 2.4. */
export function escapeValue(value: string): string {
  const escaped = value.replace(/[\\",+;<>=]/g, '\\$&').replaceAll('\0', '\\00')
  return escaped.replace(/^[ #]/, '\\$&').replace(/(?<=[^\\]|^) $/, '\\ ')
}

/** At commas that are not escaped. */
function split(text: string): string[] {
  const pieces: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === ',' || text[at] === ';') {
      pieces.push(text.slice(start, at))
      start = at + 1
    }
  }
  pieces.push(text.slice(start))
  return pieces
}

function unescaped(text: string): string | undefined {
  const bytes: number[] = []
  const kept = text.replace(/(?<!\\) +$/, '')
  for (let at = 0; at < kept.length; at++) {
    const char = kept[at] as string
    if (char !== '\\') bytes.push(...Buffer.from(char))
    else {
      const hex = /^[0-9a-f]{2}/i.exec(kept.slice(at + 1))?.[0]
      const next = kept[at + 1]
      if (next === undefined) return undefined
      bytes.push(...(hex ? [Number.parseInt(hex, 16)] : Buffer.from(next)))
      at += hex ? 2 : 1
    }
  }
  return Buffer.from(bytes).toString('utf8')
}
