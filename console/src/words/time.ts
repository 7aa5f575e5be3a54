import { inWords } from './duration.ts'

const hourMinute: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
const dayStart = (ms: number) => new Date(ms).setHours(0, 0, 0, 0)

/** A moment as a person says it near `now`: `15:42`, `tomorrow 02:10`, `Tue 4 Mar, 15:42`. Local time. Milliseconds since 1970. */
export function moment(at: number, now: number): string {
  const time = new Intl.DateTimeFormat('en-GB', hourMinute).format(at)
  const days = Math.round((dayStart(at) - dayStart(now)) / 86_400_000)
  if (days === 0) return time
  if (days === 1) return `tomorrow ${time}`
  if (days === -1) return `yesterday ${time}`
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const date = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(!sameYear && { year: 'numeric' }),
  }).format(at)
  return `${date}, ${time}`
}

/** `just now`, `4 min ago`, `in 12 min`: one unit, since it only says how fresh something is. */
export function distance(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000)
  const size = Math.abs(seconds)
  if (size < 10) return 'just now'
  const step = size < 60 ? 1 : size < 3600 ? 60 : size < 86_400 ? 3600 : 86_400
  const said = inWords(Math.round(size / step) * step)
  return seconds < 0 ? `${said} ago` : `in ${said}`
}

/** A sentence of the server with its UTC times (`2026-03-04T15:42:00.000Z`) as the reader's clock shows them. */
export const localTimes = (sentence: string, now: number): string =>
  sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (iso) => moment(Date.parse(iso), now))

/** Everything about a moment, for the tooltip: local time with its zone, and the same in UTC. */
export function exact(at: number): string {
  const local = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' }).format(at)
  return `${local} (${new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z')})`
}

/** The reader's zone at a moment: `UTC`, `CET`, `GMT+5:30`. */
export const zone = (at: number): string =>
  new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? ''
