import { useSyncExternalStore } from 'react'
import type { Made } from './use-seal.ts'

let current: Made | undefined
const listeners = new Set<() => void>()
const become = (made: Made | undefined): void => {
  current = made
  for (const heard of listeners) heard()
}

/** New shares of a ceremony: they are in this page's memory alone, until each custodian has theirs. */
export const handOut = (made: Made): void => become(made)
export const handedOut = (): void => become(undefined)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useHandingOut = (): Made | undefined => useSyncExternalStore(subscribe, () => current)
