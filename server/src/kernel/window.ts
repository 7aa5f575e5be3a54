/** Hours of the week in which something may be begun, in UTC: minutes of the day from `from` to before `to`, on these days (0 is Sunday). */
export interface Window {
  days: readonly number[]
  from: number
  to: number
}

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const shape = /^(?:((?:[a-z]{3})(?:,[a-z]{3}){0,6}) )?([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/

/** Parses `sat,sun 01:00-05:00; 22:00-24:00`; undefined when it is none. No text at all is: always. A window that passes midnight is two. */
export function parseWindows(text: string): Window[] | undefined {
  const parts = text
    .split(';')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')
  const windows: Window[] = []
  for (const part of parts) {
    const match = shape.exec(part)
    if (!match) return undefined
    const [, days, h1, m1, h2, m2] = match
    const on = days === undefined ? [0, 1, 2, 3, 4, 5, 6] : days.split(',').map((day) => names.indexOf(day))
    const window = { days: on, from: Number(h1) * 60 + Number(m1), to: Number(h2) * 60 + Number(m2) }
    if (on.includes(-1) || window.to > 1440 || window.from >= window.to) return undefined
    windows.push(window)
  }
  return windows
}

export function isWithin(windows: readonly Window[], at: Date): boolean {
  const minute = at.getUTCHours() * 60 + at.getUTCMinutes()
  return windows.length === 0 || windows.some((w) => w.days.includes(at.getUTCDay()) && w.from <= minute && minute < w.to)
}
