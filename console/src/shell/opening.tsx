import { lazyRouteComponent } from '@tanstack/react-router'
import { useSyncExternalStore } from 'react'
import { Away } from '../api.ts'
import { DetailLoading } from '../ui/detail-page.tsx'
import { Failure } from '../ui/failure.tsx'

const between = 2000
let away = false
const listeners = new Set<() => void>()
const say = (now: boolean) => {
  away = now
  for (const heard of listeners) heard()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * A page whose code is fetched when it is first opened. While nobody answers it is tried again until somebody does;
 * when somebody answers and the code is not there, the server was upgraded meanwhile, and the router loads everything anew.
 */
export const page: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    for (;;) {
      try {
        const found = await load()
        say(false)
        return found
      } catch (error) {
        if (await fetch('/readyz', { cache: 'no-store' }).catch(() => undefined)) throw error
        say(true)
        await new Promise((done) => setTimeout(done, between))
      }
    }
  }, name)

/** Stands where a page will, from the second on that it takes. */
export function Opening() {
  const nobody = useSyncExternalStore(subscribe, () => away)
  return (
    <div style={{ display: 'grid', gap: '1rem', padding: '1.5rem' }}>
      {nobody ? <Failure error={new Away(undefined)} /> : <DetailLoading />}
    </div>
  )
}
