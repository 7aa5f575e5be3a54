import { audit, type QueryOf } from '@claviger/api'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'
import { usePages } from './pages.ts'

const pageSize = 50
export type LedgerFilter = Pick<QueryOf<typeof audit.ledger>, 'act' | 'phase' | 'by' | 'about' | 'from' | 'to' | 'search'>

export const useLedger = (filter: LedgerFilter) =>
  useInfiniteQuery({
    queryKey: ['ledger', filter],
    queryFn: ({ pageParam }) => ask(audit.ledger, { query: { ...filter, limit: pageSize, ...(pageParam && { after: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: ({ entries }) => (entries.length < pageSize ? undefined : String(entries.at(-1)?.place)),
    placeholderData: keepPreviousData,
    refetchInterval: keepAsking((data) => 15_000 * Math.max(1, data?.pages.length ?? 1)),
  })

export const useEntry = (id: string) =>
  useQuery({ queryKey: ['entry', id], queryFn: () => ask(audit.ledgerEntry, { params: { id } }), staleTime: Number.POSITIVE_INFINITY })

export const useProof = (id: string, size: number | undefined) =>
  useQuery({
    queryKey: ['proof', id, size],
    queryFn: () => ask(audit.inclusionProof, { params: { id }, query: size === undefined ? {} : { size } }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const useCheckpoints = (covering: number) =>
  useQuery({
    queryKey: ['checkpoints', covering],
    queryFn: async () => (await ask(audit.checkpoints, { query: { covering, limit: 100 } })).checkpoints,
  })

/** Every checkpoint that was signed, newest first. */
export const useCheckpointPages = () =>
  usePages({
    key: ['checkpoints', 'all'],
    page: async ({ limit, after }) => {
      const query = { limit, ...(after !== undefined && { before: Number(after) }) }
      return (await ask(audit.checkpoints, { query })).checkpoints.map((c) => ({ id: String(c.size), ...c }))
    },
    every: 15_000,
  })

/** That the log over `from` entries is the beginning of the one over `to`, or of the newest. */
export const useConsistency = (from: number, to: number | undefined) =>
  useQuery({
    queryKey: ['consistency', from, to],
    queryFn: () => ask(audit.consistencyProof, { query: { from, ...(to !== undefined && { to }) } }),
    staleTime: to === undefined ? 10_000 : Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })

export const useAlarmDays = (days: number) =>
  useQuery({
    queryKey: ['alarm-days', days],
    queryFn: async () => (await ask(audit.alarmDays, { query: { days } })).days,
    refetchInterval: keepAsking(60_000),
  })
