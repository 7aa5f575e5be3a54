import { type BodyOf, credentials } from '@claviger/api'
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'

/** How many credentials are weak, reused, old or shared, and those of one finding, a page after the other. */
export const useCredentialReport = (find: credentials.Finding) =>
  useInfiniteQuery({
    queryKey: ['credential-report', find],
    queryFn: ({ pageParam }) => ask(credentials.credentialReport, { query: { find, limit: 50, ...(pageParam && { after: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })

/** Brings in a credential; it is kept nowhere here, neither in the cache of queries nor in that of mutations. */
export function useDeposit(target: string) {
  const client = useQueryClient()
  return async (body: BodyOf<typeof credentials.depositCredential>) => {
    const kept = await ask(credentials.depositCredential, { params: { id: target }, body })
    await Promise.all(['target', 'targets', 'accounts', 'account'].map((key) => client.invalidateQueries({ queryKey: [key] })))
    return kept
  }
}
