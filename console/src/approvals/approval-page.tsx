import { getRouteApi } from '@tanstack/react-router'
import { RequestSkeleton } from '../access/request-skeleton.tsx'
import { RequestView } from '../access/request-view.tsx'
import { useChangeAnnounced } from '../access/use-change-announced.ts'
import { useRequest } from '../data/access.ts'
import { links } from '../paths.ts'
import { Failure, Stale } from '../ui/failure.tsx'
import { Back } from '../ui/split.tsx'
import styles from './approval-page.module.css'
import { Decision } from './decision.tsx'

const route = getRouteApi('/shell/approvals/$id')

/** One request, with what the viewer may do about it. */
export function ApprovalPage() {
  const { id } = route.useParams()
  const { show } = route.useSearch()
  const request = useRequest(id)
  useChangeAnnounced(request.data)

  return (
    <>
      <div className={styles.back}>
        <Back to={links.approvals(show)}>Approvals</Back>
      </div>
      {request.isPending && <RequestSkeleton />}
      {request.data ? (
        <>
          {request.error && <Stale error={request.error} />}
          <RequestView request={request.data} />
          {/* the key starts every dialog afresh for another request */}
          <Decision key={id} request={request.data} />
        </>
      ) : (
        request.error && <Failure page error={request.error} retry={() => request.refetch()} />
      )}
    </>
  )
}
