import { type AnswerOf, type BodyOf, seal } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { ask } from '../api.ts'
import type { Custodian } from '../seal/custodians.ts'

export type Plan = BodyOf<typeof seal.ceremonyBegin>['plan']
export type Ceremony = NonNullable<AnswerOf<typeof seal.sealStatus>['ceremony']>
export type KeyProgress = AnswerOf<typeof seal.keyProgress>
export type Location = KeyProgress['keys'][number]['location']

/** What goes on with the ceremony that was begun in this page; it is in its memory alone, so that a page that is loaded anew has to begin anew. */
interface Begun {
  ticket: string
  threshold: number
  custodians: readonly Custodian[] | undefined
}
let begun: Begun | undefined
const listeners = new Set<() => void>()
const become = (next: Begun | undefined): void => {
  begun = next
  for (const heard of listeners) heard()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
export const useBegun = (): boolean => useSyncExternalStore(subscribe, () => begun !== undefined)

export async function beginCeremony(code: string, plan: Plan): Promise<void> {
  const { ticket } = await ask(seal.ceremonyBegin, { body: { code, plan } })
  become({
    ticket,
    threshold: plan.goal === 'replace' ? (plan.threshold ?? 3) : 0,
    custodians: plan.goal === 'replace' ? plan.custodians : undefined,
  })
}

export const confirmCeremony = (code: string) => ask(seal.ceremonyConfirm, { body: { code } })

export async function dropCeremony(code: string): Promise<void> {
  await ask(seal.ceremonyDrop, { body: { code } })
  become(undefined)
}

/** Everybody is there. New shares are the answer, or it is done. */
export async function goOn() {
  if (!begun) throw new Error('This ceremony was begun in another window: only there it goes on.')
  const { threshold, custodians } = begun
  const { set, shares } = await ask(seal.ceremonyGo, { body: { ticket: begun.ticket } })
  become(undefined)
  return set === null ? undefined : { set, threshold, shares, to: custodians }
}

/** The versions of the location keys; looked at often while something is sealed anew. */
export const useKeyProgress = () =>
  useQuery({
    queryKey: ['keys'],
    queryFn: () => ask(seal.keyProgress),
    refetchInterval: ({ state }) => (state.data?.busy ? 1000 : 10_000),
    staleTime: 0,
  })
