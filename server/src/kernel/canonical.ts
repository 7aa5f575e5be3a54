/** What canonical JSON can carry. Times are written as ISO text and bytes as hex before they get here. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/**
 * One text for one value: keys sorted by code unit, no spaces. What is hashed or authenticated goes through here,
 * so that two processes agree on the bytes. Numbers must be safe integers or finite; `undefined` is refused.
 */
export function canonical(value: Plain): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('canonical JSON carries finite numbers only')
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`canonical JSON cannot carry ${typeof value}`)
  const fields = value as { readonly [key: string]: Plain }
  const parts = Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(fields[key] as Plain)}`)
  return `{${parts.join(',')}}`
}
