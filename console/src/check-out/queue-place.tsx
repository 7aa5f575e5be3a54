import type { access } from '@claviger/api'
import { useCheckOut } from '../data/check-out.ts'
import { useNow } from '../ui/when.tsx'
import { whyQueued } from '../words/check-out.ts'

/** While a request queues: whom it waits for. The account comes by itself. */
export function QueuePlace({ request: r }: { request: access.AccessRequest }) {
  const { data: out } = useCheckOut(r.account.id)
  const now = useNow()
  if (!out) return null
  return <>{whyQueued(out, now)} This page follows by itself.</>
}
