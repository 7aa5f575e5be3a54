import type { access } from '@claviger/api'
import { useEffect, useRef } from 'react'
import { announce } from '../ui/announcer.tsx'
import { changedSince } from '../words/access.ts'

/** Says aloud when the request on the screen changed by someone else's hand; the page shows the same sentence. */
export function useChangeAnnounced(request: access.AccessRequest | undefined): void {
  const seen = useRef<access.AccessRequest>(undefined)
  useEffect(() => {
    const before = seen.current
    seen.current = request
    if (!request || !before || before.id !== request.id) return
    const changed = changedSince(before, request, Date.now())
    if (changed) announce(changed)
  }, [request])
}
