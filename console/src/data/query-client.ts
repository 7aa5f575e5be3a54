import { MutationCache, type Query, QueryCache, QueryClient } from '@tanstack/react-query'
import { isDiverged, isSealed, isSignedOut } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

interface Happenings {
  signedOut: () => void
  sealed: () => void
  diverged: () => void
}

/**
 * `signedOut` is called when any question is answered with "sign in first", so that every page leads to sign-in and back.
 * Questions asked on the sign-in page itself carry `meta.atTheDoor`: there a 401 means a wrong password or code.
 * `sealed` and `diverged` are called when the answer is that the server is sealed, or that its ledger is not what was signed, whoever asked: no
 * page has anything to show then.
 */
export function createQueryClient({ signedOut, sealed, diverged }: Happenings): QueryClient {
  const watch = (error: unknown, meta: Record<string, unknown> | undefined) => {
    if (isSealed(error)) sealed()
    if (isDiverged(error)) diverged()
    if (isSignedOut(error) && !meta?.atTheDoor) signedOut()
  }
  const queryCache = new QueryCache({ onError: (error, query) => watch(error, query.meta) })
  keepFailureInSight(queryCache)
  return new QueryClient({
    queryCache,
    mutationCache: new MutationCache({ onError: (error, _variables, _result, mutation) => watch(error, mutation.meta) }),
    defaultOptions: {
      // what failed is shown at once; asked again is only what may pass by itself
      queries: { retry: false, networkMode: 'always', staleTime: 1000, refetchOnWindowFocus: true, refetchInterval: keepAsking(false) },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

/**
 * What failed before it had an answer is asked again every few seconds. Meanwhile it stays failed: otherwise its page would change between the
 * failure and the skeleton of an answer each time.
 */
function keepFailureInSight(cache: QueryCache): void {
  const failed = new WeakMap<Query, Error>()
  cache.subscribe((event) => {
    if (event.type !== 'updated') return
    const { query, action } = event
    if (action.type === 'error') failed.set(query, action.error as Error)
    if (action.type === 'success') failed.delete(query)
    const error = failed.get(query)
    if (action.type === 'fetch' && error && query.state.status === 'pending') query.setState({ status: 'error', error })
  })
}
