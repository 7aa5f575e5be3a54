import type { access } from '@claviger/api'
import type { ReactNode } from 'react'
import { useExtend } from '../data/check-out.ts'
import { outcome } from '../words/access.ts'
import { MoreTime } from './more-time.tsx'

/** More time under a grant that runs: policy and approvers decide as for a new request. */
export function Extend({ grant, children }: { grant: access.Grant; children: (open: () => void) => ReactNode }) {
  const extend = useExtend(grant.id)
  return (
    <MoreTime
      description="Eight hours in all at most"
      ask={async (more) => {
        const asked = await extend.mutateAsync(more)
        return asked.state === 'approved' ? 'The grant goes on.' : `Asked. ${outcome(asked, Date.now())}`
      }}
    >
      {children}
    </MoreTime>
  )
}
