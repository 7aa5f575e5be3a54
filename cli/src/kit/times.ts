const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** 5400 → `1h30m`; two units at most, as people say it. */
export function spell(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds))
  const parts: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count}${unit}`)
  }
  return parts.slice(0, 2).join('') || '0s'
}

/** `2026-01-31 10:00:05 +01:00`: local time with its offset, since an audit question starts with "which clock?" */
export function local(iso: string): string {
  const at = new Date(iso)
  const offset = -at.getTimezoneOffset()
  const shifted = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19).replace('T', ' ')
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) => String(n).padStart(2, '0'))
  return `${shifted} ${offset < 0 ? '-' : '+'}${hours}:${minutes}`
}

/** `in 3h59m`, `12s ago` */
export function distance(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000
  return seconds >= 0 ? `in ${spell(seconds)}` : `${spell(-seconds)} ago`
}
