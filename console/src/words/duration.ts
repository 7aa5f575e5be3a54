const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const
const words = [
  ['d', 'day', 'days', units.d],
  ['h', 'h', 'h', units.h],
  ['m', 'min', 'min', units.m],
  ['s', 's', 's', units.s],
] as const

/** Seconds of a duration as the API takes it (`45m`, `1h30m`); undefined when it is none. */
export function toSeconds(text: string): number | undefined {
  if (!/^(\d{1,6}[smhd]){1,4}$/.test(text)) return undefined
  let seconds = 0
  for (const [, count, unit] of text.matchAll(/(\d{1,6})([smhd])/g)) seconds += Number(count) * units[unit as keyof typeof units]
  return seconds > 0 ? seconds : undefined
}

/** What people type, in the API's form: `1 h 30 min` → `1h30m`, `90` → `90m`. Undefined when it is no duration. */
export function readDuration(typed: string): string | undefined {
  const text = typed
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/(hours|hour|hrs|hr)/g, 'h')
    .replace(/(minutes|minute|mins|min)/g, 'm')
    .replace(/(days|day)/g, 'd')
    .replace(/(seconds|second|secs|sec)/g, 's')
  const whole = /^\d{1,6}$/.test(text) ? `${text}m` : text
  return toSeconds(whole) === undefined ? undefined : whole
}

/** 5400 → `1 h 30 min`. The two largest units are enough to decide by. */
export function inWords(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds))
  const parts: string[] = []
  for (const [, one, many, size] of words) {
    const count = Math.floor(rest / size)
    if (count > 0) parts.push(`${count} ${count === 1 ? one : many}`)
    rest -= count * size
  }
  return parts.slice(0, 2).join(' ') || 'under 1 s'
}

/** 3725 → `1:02:05`, 65 → `1:05`: a position in a recording. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
