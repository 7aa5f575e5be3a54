import type { access } from '@claviger/api'
import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { EndGrant } from '../access/end-grant.tsx'
import { RequestSkeleton } from '../access/request-skeleton.tsx'
import { RequestView } from '../access/request-view.tsx'
import { useChangeAnnounced } from '../access/use-change-announced.ts'
import { Extend } from '../check-out/extend.tsx'
import { InHand } from '../check-out/in-hand.tsx'
import { useRequest } from '../data/access.ts'
import { links } from '../paths.ts'
import { ActionBar } from '../ui/action-bar.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Back } from '../ui/split.tsx'
import styles from './my-request-page.module.css'
import { WaitingFor } from './waiting-for.tsx'

const route = getRouteApi('/shell/requests/$id')

/** One of my requests: whom it waits for, how to connect once it is approved, and the way back. */
export function MyRequestPage() {
  const { id } = route.useParams()
  const request = useRequest(id)
  useChangeAnnounced(request.data)
  return (
    <>
      <div className={styles.back}>
        <Back to={links.requests()}>My requests</Back>
      </div>
      {request.isPending && <RequestSkeleton />}
      {request.data ? (
        <>
          {request.error && <Stale error={request.error} />}
          {request.data.grant?.state === 'active' && <InHand kind={request.data.target.kind} grant={request.data.grant} />}
          <RequestView request={request.data} />
          <Acts key={id} request={request.data} />
        </>
      ) : (
        request.error && <Failure page error={request.error} retry={() => request.refetch()} />
      )}
    </>
  )
}

function Acts({ request: r }: { request: access.AccessRequest }) {
  if (r.state === 'waiting' || r.state === 'queued') return <WaitingFor request={r} />
  if (r.grant?.state === 'active')
    return (
      <EndGrant grant={r.grant}>
        {(open) => (
          <ActionBar why="Done early? Giving it back changes the credential at once.">
            {r.grant && (
              <Extend grant={r.grant}>
                {(more) => (
                  <Button variant="default" onClick={more}>
                    Ask for more time…
                  </Button>
                )}
              </Extend>
            )}
            <Button variant="default" onClick={open}>
              End grant now
            </Button>
          </ActionBar>
        )}
      </EndGrant>
    )
  return (
    <ActionBar>
      <LinkButton {...links.newRequest(`${r.account.name}@${r.target.name}`)} variant="default">
        Ask again
      </LinkButton>
    </ActionBar>
  )
}
