import { credentials } from '@claviger/api'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
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
