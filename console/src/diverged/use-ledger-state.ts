import { type AnswerOf, audit } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'

export type LedgerState = AnswerOf<typeof audit.ledgerState>
const everyMs = 3000

/** Whether it still is so, and how many officers have taken note: they do it at screens of their own. */
export const useLedgerState = () =>
  useQuery({ queryKey: ['ledger-state'], queryFn: () => ask(audit.ledgerState), refetchInterval: everyMs, staleTime: 0, gcTime: 0 })

// Not by a mutation, which would keep the password and the code that were sent for minutes.
export const acknowledge = (given: { name: string; password: string; code: string; read: string }) =>
  ask(audit.acknowledge, { body: given })
