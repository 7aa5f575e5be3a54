import { cleanComment, type PublicKey, readTypeAndBase64 } from './public-key.ts'

/** `from="10.0.0.0/8"` is `{ name: 'from', value: '10.0.0.0/8' }`; a flag such as `no-pty` has no value. */
export interface KeyOption {
  name: string
  value?: string
}

/**
 * One line of an authorized_keys file (sshd(8), AUTHORIZED_KEYS FILE FORMAT). `raw` is the line as it stands, one
 * character a byte and without its newline, so that what we do not touch is written back as it was.
 */
export type AuthorizedLine =
  | { kind: 'key'; raw: string; options: readonly KeyOption[]; key: PublicKey }
  | { kind: 'remark'; raw: string }
  /** Neither a key as we read it nor blank: perhaps sshd reads it otherwise. */
  | { kind: 'malformed'; raw: string }

/** Longest file that is read: 1 MiB holds several thousand keys. */
export const longestAuthorizedKeys = 1_048_576

/** Parses a whole file. Never refuses: what is no key stays as a line of kind `malformed`. */
export function parseAuthorizedKeys(bytes: Uint8Array): AuthorizedLine[] {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map(parseAuthorizedLine)
}

/** The file as bytes, each line ended by a newline. */
export function formatAuthorizedKeys(lines: readonly AuthorizedLine[]): Uint8Array {
  return Uint8Array.from(Buffer.from(lines.map((line) => `${line.raw}\n`).join(''), 'latin1'))
}

/** Parses one line, given one character a byte. Options come first when the first word is no key (as sshd does it). */
export function parseAuthorizedLine(raw: string): AuthorizedLine {
  const line = raw.replace(/^[ \t]+/, '')
  if (/^[\r]*$/.test(line) || line.startsWith('#')) return { kind: 'remark', raw }
  const bare = readKey(line)
  if (bare) return { kind: 'key', raw, options: [], key: bare }

  const end = endOfOptions(line)
  const options = end === undefined ? undefined : readOptions(line.slice(0, end))
  const key = options && readKey(line.slice(end).replace(/^[ \t]+/, ''))
  return options && key ? { kind: 'key', raw, options, key } : { kind: 'malformed', raw }
}

function readKey(text: string): PublicKey | undefined {
  const [, type = '', blob = '', comment = ''] = /^([^ \t]+)[ \t]+([^ \t\r]+)(.*)$/s.exec(text) ?? []
  const key = readTypeAndBase64(type, blob)
  return key.ok ? { ...key.value, comment: cleanComment(Buffer.from(comment, 'latin1').toString('utf8')) } : undefined
}

/** Where the options end: at the first blank outside quotes. `\"` inside quotes is a quote (OpenSSH's sshkey_advance_past_options). */
function endOfOptions(line: string): number | undefined {
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at]
    if (character === '\\' && line[at + 1] === '"') at++
    else if (character === '"') quoted = !quoted
    else if (!quoted && (character === ' ' || character === '\t')) return at
  }
  return undefined
}

function readOptions(text: string): KeyOption[] | undefined {
  const options: KeyOption[] = []
  let rest = text
  while (rest) {
    const [whole, name, value] = /^([A-Za-z0-9-]{1,64})(?:="((?:\\"|[^"])*)")?(?:,|$)/s.exec(rest) ?? []
    if (whole === undefined || name === undefined || options.length >= 64) return undefined
    options.push({ name: name.toLowerCase(), ...(value !== undefined && { value: value.replaceAll('\\"', '"') }) })
    rest = rest.slice(whole.length)
    // a comma at the end announces an option that does not come
    if (whole.endsWith(',') && !rest) return undefined
  }
  return options
}
