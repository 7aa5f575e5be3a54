const units = { s: 1, m: 60, h: 3600, d: 86400 } as const

/** Parses `90s`, `20m`, `4h`, `1h30m` into seconds; undefined when it is no duration or longer than 366 days. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d{1,6}[smhd]){1,4}$/.test(text)) return undefined
  let seconds = 0
  for (const [, count, unit] of text.matchAll(/(\d{1,6})([smhd])/g)) seconds += Number(count) * units[unit as keyof typeof units]
  return seconds > 0 && seconds <= 366 * units.d ? seconds : undefined
}

/** 5400 → `1h30m`; the inverse of `parseDuration`. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds))
  let text = ''
  for (const [unit, size] of [
    ['d', units.d],
    ['h', units.h],
    ['m', units.m],
    ['s', units.s],
  ] as const) {
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text || '0s'
}
