import { posix } from 'node:path'

/**
 * A path as policy sees it: from the root on, without `.`, `..` and doubled slashes. Undefined where the bytes are no text, or nobody knows from which folder
 * on they count.
 */
export function wholePath(path: Buffer | string, home: string | undefined): string | undefined {
  const text = typeof path === 'string' ? path : path.toString()
  if (typeof path !== 'string' && !Buffer.from(text).equals(path)) return undefined
  // a server written in C reads no further
  if (text.includes('\0')) return undefined
  if (!text.startsWith('/') && !home?.startsWith('/')) return undefined
  const whole = posix.normalize(text.startsWith('/') ? text : `${home}/${text}`).replace(/^\/{2,}/, '/')
  return whole.length > 1 && whole.endsWith('/') ? whole.slice(0, -1) : whole
}
