import { environmentManager, InfiniteQueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Away, Refused } from '../api.ts'
import { createQueryClient } from './query-client.ts'
import { listed } from './session.ts'

/** Longer than anything is waited for before it is asked again. */
const minutes = 10 * 60_000
const nothing = () => undefined

// outside a browser nothing is asked again by itself
beforeEach(() => environmentManager.setIsServer(() => false))
afterEach(() => environmentManager.setIsServer(() => true))
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A list of two pages, whose server answers as `answer` says; and the questions that it heard: behind which number, and as part of which viewing. */
function list(answer: (heard: number) => Error | undefined) {
  const heard: (readonly [after: number, view: string | undefined])[] = []
  let views = 0
  const client = createQueryClient({ signedOut: nothing, sealed: nothing, diverged: nothing })
  const page = async ({ after, view }: { after: number; view?: string }) => {
    heard.push([after, view])
    const failed = answer(heard.length)
    if (failed) throw failed
    return { total: 1_000, next: after === 0 ? 500 : null, view: view ?? `view ${++views}`, verified: null }
  }
  const observer = new InfiniteQueryObserver(client, listed(['statements', 'ses_1'], 0, page))
  const stop = observer.subscribe(nothing)
  const leave = () => {
    stop()
    client.clear()
  }
  return { heard, observer, leave }
}

test('a page that does not come, for the server is away, is no reason to open the list once more', async () => {
  const { heard, observer, leave } = list((n) => (n === 2 ? new Away(undefined) : undefined))
  await vi.advanceTimersByTimeAsync(0)
  await observer.fetchNextPage()
  expect(observer.getCurrentResult()).toMatchObject({ isFetchNextPageError: true })
  await vi.advanceTimersByTimeAsync(minutes)
  expect(heard).toEqual([
    [0, undefined],
    [500, 'view 1'],
  ])
  await observer.fetchNextPage()
  expect(heard.at(-1)).toEqual([500, 'view 1'])
  expect(observer.getCurrentResult().data?.pages).toHaveLength(2)
  leave()
})

test('a viewing that is over goes on as another one, from the page on that was asked for', async () => {
  const over = new Refused(410, { code: 'session.view_over', message: 'Open it again.' })
  const { heard, observer, leave } = list((n) => (n === 2 ? over : undefined))
  await vi.advanceTimersByTimeAsync(0)
  await observer.fetchNextPage()
  expect(heard.slice(1)).toEqual([
    [500, 'view 1'],
    [500, undefined],
  ])
  leave()
})

test('a list that nobody answered for is asked for again until it is there, and then no more', async () => {
  const { heard, observer, leave } = list((n) => (n < 3 ? new Away(undefined) : undefined))
  await vi.advanceTimersByTimeAsync(minutes)
  expect(heard).toHaveLength(3)
  // "Load what came since", and the server is away again
  const stays = list((n) => (n > 1 ? new Away(undefined) : undefined))
  await vi.advanceTimersByTimeAsync(0)
  await stays.observer.refetch()
  await vi.advanceTimersByTimeAsync(minutes)
  expect(stays.heard).toHaveLength(2)
  expect(stays.observer.getCurrentResult()).toMatchObject({ isRefetchError: true, data: { pages: [{ total: 1_000 }] } })
  expect(observer.getCurrentResult().data?.pages).toHaveLength(1)
  for (const one of [leave, stays.leave]) one()
})
