import type { rotation } from '@claviger/api'
import type { Tone } from './access.ts'
import { inWords } from './duration.ts'

const number = new Intl.NumberFormat('en-GB')
const many = (n: number, one: string, more: string) => `${number.format(n)} ${n === 1 ? one : more}`

/** One word about an ordered rotation. */
export function orderState(o: Pick<rotation.Order, 'state' | 'failures' | 'byReconciler'>): { word: string; tone: Tone } {
  if (o.state === 'done') return { word: 'Done', tone: 'good' }
  if (o.state === 'held') return { word: 'Held', tone: 'bad' }
  if (o.byReconciler) return { word: 'Being reset', tone: 'wait' }
  return o.failures > 0 ? { word: 'Tried again', tone: 'wait' } : { word: 'Due', tone: 'wait' }
}

type Progress = Pick<rotation.Batch, 'accounts' | 'done' | 'failing' | 'held'>

/** One word about several that were ordered together: the worst that is true of any. */
export function batchState(b: Progress): { word: string; tone: Tone } {
  if (b.held > 0) return { word: `${b.held} held`, tone: 'bad' }
  if (b.failing > 0) return { word: `${b.failing} tried again`, tone: 'wait' }
  return b.done < b.accounts ? { word: 'Running', tone: 'wait' } : { word: 'Done', tone: 'good' }
}

/** The parts of its bar, in percent; what is left of 100 was not tried yet. */
export const parts = (b: Progress): { what: 'done' | 'failing' | 'held'; share: number }[] =>
  (['done', 'failing', 'held'] as const).map((what) => ({ what, share: (100 * b[what]) / Math.max(1, b.accounts) }))

export const progressInWords = (b: Progress): string =>
  [`${number.format(b.done)} of ${number.format(b.accounts)} done`, ...(b.failing > 0 ? [`${b.failing} tried again`] : [])]
    .concat(b.held > 0 ? [`${b.held} held`] : [])
    .join(', ')

/** What the coming days hold, in one sentence. */
export function planInWords(p: Pick<rotation.Plan, 'days' | 'overdue' | 'later'>): string {
  const days = many(p.days.length, 'day', 'days')
  const due = p.days.reduce((sum, day) => sum + day.rotations, 0)
  if (due + p.overdue + p.later === 0) return 'Nothing falls due: no account is taken over yet.'
  const soon = due === 0 ? `Nothing falls due in ${days}` : `${many(due, 'credential falls', 'credentials fall')} due in ${days}`
  return `${soon}${p.overdue > 0 ? `, ${number.format(p.overdue)} ${p.overdue === 1 ? 'is' : 'are'} overdue` : ''}.`
}

/** One column of the plan; the one of what is overdue has no day. */
export function dayInWords(day: { from: string | undefined; rotations: number; verifications: number }): string {
  if (day.from === undefined) return `Overdue: ${number.format(day.rotations)}`
  const on = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).format(Date.parse(day.from))
  return `${on}: ${number.format(day.rotations)} replaced, ${number.format(day.verifications)} tried`
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const minute = (n: number) => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`

/** `Sat, Sun 01:00–05:00 UTC`: when rotations by age may begin. */
export function windowsInWords(windows: rotation.Plan['windows']): string {
  if (windows.length === 0) return 'By age at any hour'
  const said = windows.map((w) => {
    const on = w.days.length === 7 ? '' : `${w.days.map((day) => weekdays[day]).join(', ')} `
    return `${on}${minute(w.from)}–${minute(w.to)}`
  })
  return `By age only ${said.join('; ')} UTC`
}

/** How old a credential may become: `30 days, as the installation says`. */
export const ageInWords = (c: Pick<rotation.Care, 'maxAgeSeconds' | 'ageSeconds'>): string =>
  `${inWords(c.ageSeconds)}${c.maxAgeSeconds === null ? ', as the installation says' : ', for this account alone'}`

/** What the target said of a credential last. */
export function healthInWords(h: rotation.Care['health'][number]): { said: string; tone: Tone } {
  if (h.refused.length > 0) return { said: `the target refused v${h.refused.join(', v')}`, tone: 'bad' }
  return h.works === null ? { said: 'not tried yet', tone: 'over' } : { said: `v${h.works} opened the target`, tone: 'good' }
}
