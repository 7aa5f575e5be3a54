import { VisuallyHidden } from '@mantine/core'
import { useSyncExternalStore } from 'react'

let said = ''
const listeners = new Set<() => void>()

/** Tells a screen reader what has just happened; sighted people see it where it happened. */
export function announce(text: string): void {
  // the same sentence twice is heard twice only when the text differs
  said = said === text ? `${text}\u00a0` : text
  for (const heard of listeners) heard()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const Announcer = () => (
  <VisuallyHidden role="status" aria-live="polite">
    {useSyncExternalStore(subscribe, () => said)}
  </VisuallyHidden>
)
