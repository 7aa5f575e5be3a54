import type { access } from '@claviger/api'
import { useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { TimeLeft } from '../check-out/time-left.tsx'
import { useActiveGrants } from '../data/home.ts'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { DetailLoading, DetailPage } from '../ui/detail-page.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { PageHeading } from '../ui/page-heading.tsx'
import { useTitle } from '../ui/use-title.ts'
import styles from './web-session.module.css'

export interface Held {
  grant: access.Grant
}

/** What each session in the browser stands in: whose access it is, and for how long yet. A grant that has ended leaves what was said on the page. */
export function SessionFrame({ what, children }: { what: 'Terminal' | 'SQL'; children: (held: Held) => ReactNode }) {
  const { id = '' } = useParams({ strict: false })
  const viewer = useViewer()
  const grants = useActiveGrants()
  const found = grants.data?.find((g) => g.id === id && g.person.id === viewer.id)
  const at = found && `${found.account}@${found.target}`
  useTitle(at ? `${what} on ${at}` : what)
  return (
    <DetailPage back={links.requests()} list="My requests">
      {grants.isPending && <DetailLoading />}
      {grants.error &&
        (grants.data ? <Stale error={grants.error} /> : <Failure page error={grants.error} retry={() => grants.refetch()} />)}
      {grants.data && (
        <Kept of={id} grant={found}>
          {(grant, ended) => (
            <div className={styles.frame}>
              <header className={styles.head}>
                <PageHeading of={id}>
                  {what} on{' '}
                  <code>
                    {grant.account}@{grant.target}
                  </code>
                </PageHeading>
                {ended ? <p role="status">Your access has ended</p> : <TimeLeft grant={grant} />}
              </header>
              {children({ grant })}
            </div>
          )}
        </Kept>
      )}
    </DetailPage>
  )
}

/** The grant as it was last seen, so that the page stays when it ends. */
function Kept({
  of,
  grant,
  children,
}: {
  of: string
  grant: access.Grant | undefined
  children: (grant: access.Grant, ended: boolean) => ReactNode
}) {
  const [last, setLast] = useState(grant)
  if (grant && grant !== last) setLast(grant)
  const shown = grant ?? (last?.id === of ? last : undefined)
  if (shown) return children(shown, grant === undefined)
  return (
    <div className={styles.before}>
      <PageHeading of={of}>No access</PageHeading>
      <p>You hold no running grant here: it has ended, or it is somebody else’s. Ask for access to go on.</p>
      <LinkButton {...links.newRequest()}>Ask for access</LinkButton>
    </div>
  )
}
