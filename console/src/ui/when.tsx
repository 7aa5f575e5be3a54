import { useSyncExternalStore } from 'react'
import { distance, exact, moment } from '../words/time.ts'

const seconds = 1000
let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!timer) now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const heard of listeners) heard()
  }, 5 * seconds)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, every five seconds, from one timer for the whole page: "until 15:42 if approved now" must not grow old. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)

/** A moment: how far away (`4 min ago`) or when (`15:42`), with everything about it in the tooltip. */
export function When({ at, as = 'distance' }: { at: string; as?: 'distance' | 'moment' }) {
  const current = useNow()
  const ms = Date.parse(at)
  return (
    <time dateTime={at} title={exact(ms)}>
      {as === 'distance' ? distance(ms, current) : moment(ms, current)}
    </time>
  )
}
