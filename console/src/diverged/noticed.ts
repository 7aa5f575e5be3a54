import { audit } from '@claviger/api'
import { useSyncExternalStore } from 'react'
import { ask } from '../api.ts'

let noticed = false
const listeners = new Set<() => void>()

/** An answer said that the ledger is not what was signed: the page gives way to that, until two officers have taken note. */
export function noticeDivergence(): void {
  noticed = true
  for (const heard of listeners) heard()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useDivergenceNoticed = (): boolean => useSyncExternalStore(subscribe, () => noticed)

/** For the sign-in page, which asks nothing by itself: whoever types a password there would only learn it afterwards. */
export async function lookAtLedger(): Promise<void> {
  const state = await ask(audit.ledgerState).catch(() => undefined)
  if (state?.diverged) noticeDivergence()
}
