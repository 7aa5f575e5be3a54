import type { PasswdEntry } from './accounts.ts'

/** sshd's default (sshd_config(5), AuthorizedKeysFile). */
export const defaultPatterns: readonly string[] = ['.ssh/authorized_keys', '.ssh/authorized_keys2']
const mostPatterns = 8

/** The patterns in what `sshd -T` printed; undefined when it said nothing, empty when sshd reads no authorized keys. */
export function readPatterns(text: string): string[] | undefined {
  const found = /^authorizedkeysfile[ \t]+(.+)$/im.exec(text)?.[1]
  if (found === undefined) return undefined
  const patterns = found.trim().split(/\s+/).slice(0, mostPatterns)
  return patterns.filter((pattern) => pattern.toLowerCase() !== 'none')
}

/** A key file of an account: where it is, and whether the account itself could put something else in its place. */
export interface KeyFile {
  path: string
  /** Below the account's home: touched as the account, never as root, who could be led elsewhere by a link. */
  inHome: boolean
}

/**
 * The paths that sshd would read for an account: tokens `%h %u %U %%`, relative ones below the home. A pattern with any
 * other token, or a path that is no plain one, gives nothing.
 */
export function keyFilesOf(patterns: readonly string[], account: PasswdEntry): KeyFile[] {
  return patterns.flatMap((pattern) => {
    const tokens: Readonly<Record<string, string>> = { '%h': account.home, '%u': account.name, '%U': String(account.uid), '%%': '%' }
    let known = true
    const expanded = pattern.replace(/%./g, (token) => {
      known &&= Object.hasOwn(tokens, token)
      return tokens[token] ?? ''
    })
    const path = expanded.startsWith('/') ? expanded : `${account.home.replace(/\/+$/, '')}/${expanded}`
    const home = account.home.replace(/\/*$/, '/')
    if (!known || !isPlain(path)) return []
    // with a home of "/" everything would be below it, as it is for root, who needs no other identity anyway
    return [{ path, inHome: path.startsWith(home) && home !== '/' }]
  })
}

const isPlain = (path: string): boolean =>
  path.startsWith('/') && path.length <= 4_096 && !/[\p{Cc}]/u.test(path) && !path.split('/').includes('..')
