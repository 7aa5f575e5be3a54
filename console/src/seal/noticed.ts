import { seal } from '@claviger/api'
import { useSyncExternalStore } from 'react'
import { ask } from '../api.ts'

let noticed = false
const listeners = new Set<() => void>()

/** An answer said that the server is sealed: the page gives way to that of the seal, which loads it again when it is open. */
export function noticeSeal(): void {
  noticed = true
  for (const heard of listeners) heard()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useNoticed = (): boolean => useSyncExternalStore(subscribe, () => noticed)

/** For the pages that people see before they are signed in, which ask nothing by themselves. What does not answer says so on the page. */
export async function lookAtSeal(): Promise<void> {
  const status = await ask(seal.sealStatus).catch(() => undefined)
  if (status && status.state !== 'open') noticeSeal()
}
