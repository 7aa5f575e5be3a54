import type { rotation } from '@claviger/api'
import type { Tone } from './access.ts'

/** One word about an ordered rotation. */
export function orderState(o: Pick<rotation.Order, 'state' | 'failures' | 'byReconciler'>): { word: string; tone: Tone } {
  if (o.state === 'done') return { word: 'Done', tone: 'good' }
  if (o.state === 'held') return { word: 'Held', tone: 'bad' }
  if (o.byReconciler) return { word: 'Being reset', tone: 'wait' }
  return o.failures > 0 ? { word: 'Tried again', tone: 'wait' } : { word: 'Due', tone: 'wait' }
}
