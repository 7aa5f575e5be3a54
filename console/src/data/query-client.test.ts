import { notifyManager, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { Away } from '../api.ts'
import { createQueryClient } from './query-client.ts'

const nothing = () => undefined

test('what failed stays failed in sight while it is asked again, and shows itself when it is answered', async () => {
  const client = createQueryClient({ signedOut: nothing, sealed: nothing, diverged: nothing })
  let answer: ((text: string) => void) | undefined
  let asked = 0
  const observer = new QueryObserver(client, {
    queryKey: ['x'],
    refetchInterval: false,
    queryFn: () => {
      asked++
      return asked === 1
        ? Promise.reject(new Away(undefined))
        : new Promise<string>((resolve) => {
            answer = resolve
          })
    },
  })
  const seen: string[] = []
  // as React hears of it: after all that happened at once, and what it is then
  const stop = observer.subscribe(notifyManager.batchCalls(() => void seen.push(observer.getCurrentResult().status)))
  await expect.poll(() => seen.at(-1)).toBe('error')
  const from = seen.length
  const again = observer.refetch()
  await expect.poll(() => asked).toBe(2)
  expect(observer.getCurrentResult()).toMatchObject({ status: 'error', isFetching: true, isPending: false })
  answer?.('here')
  await again
  expect(observer.getCurrentResult()).toMatchObject({ status: 'success', data: 'here' })
  expect(seen.slice(from)).not.toContain('pending')
  stop()
  client.clear()
})
