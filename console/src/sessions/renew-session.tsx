import type { session } from '@claviger/api'
import type { ReactNode } from 'react'
import { MoreTime } from '../check-out/more-time.tsx'
import { useRenewSession } from '../data/session.ts'

/** More time in a running session of one's own: policy and approvers decide as before. */
export function RenewSession({ session: s, children }: { session: session.Session; children: (open: () => void) => ReactNode }) {
  const renew = useRenewSession(s.id)
  return (
    <MoreTime
      description="Eight hours in all at most; everything that is open under the same grant goes on as well"
      ask={async (more) => {
        const asked = await renew.mutateAsync(more)
        return asked.granted ? 'The session goes on.' : `Asked: ${asked.approvers.join(', ')} may approve it.`
      }}
    >
      {children}
    </MoreTime>
  )
}
