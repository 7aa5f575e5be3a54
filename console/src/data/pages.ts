import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { keepAsking } from './keep-asking.ts'

const pageSize = 50

interface Question<T> {
  key: readonly unknown[]
  /** One page: at most `limit` rows that follow the row `after`. */
  page: (query: { limit: number; after?: string }) => Promise<readonly T[]>
  /** What the next page is asked with: the id of the last row, where nothing else is said. */
  cursor?: (last: T) => string
  /** Milliseconds. What is shown is asked again so often for each page of it: reading far back costs the server no more than reading the newest. */
  every: number
  enabled?: boolean
}

/** A long list that is read a page at a time. */
export interface Pages<T> {
  /** The rows so far; undefined before the first answer. */
  data: readonly T[] | undefined
  error: Error | null
  isPending: boolean
  /** The rows are those of another question, until this one is answered. */
  isPlaceholderData: boolean
  refetch: () => unknown
  /** Asks for the next page; undefined when there is none. */
  more: (() => void) | undefined
  loadingMore: boolean
}

export function usePages<T extends { id: string }>({ key, page, cursor, every, enabled = true }: Question<T>): Pages<T> {
  const found = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => page({ limit: pageSize, ...(pageParam && { after: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (last) => {
      const end = last.at(-1)
      return end === undefined || last.length < pageSize ? undefined : (cursor?.(end) ?? end.id)
    },
    placeholderData: keepPreviousData,
    refetchInterval: keepAsking((data) => every * Math.max(1, data?.pages.length ?? 1)),
    enabled,
  })
  return {
    ...{ data: found.data?.pages.flat(), error: found.error, isPending: found.isPending, refetch: found.refetch },
    isPlaceholderData: found.isPlaceholderData,
    more: found.hasNextPage ? () => void found.fetchNextPage() : undefined,
    loadingMore: found.isFetchingNextPage,
  }
}

/** How many there are, as far as they were asked for, and `others` besides: `50+` while more may follow. */
export const countOf = ({ data, more }: Pick<Pages<unknown>, 'data' | 'more'>, others = 0): string =>
  `${(data?.length ?? 0) + others}${more ? '+' : ''}`
