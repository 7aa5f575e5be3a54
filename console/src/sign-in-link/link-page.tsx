import { getRouteApi } from '@tanstack/react-router'
import { useViewer } from '../data/identity.ts'
import { useSignInLink } from '../data/sign-in-links.ts'
import { DetailLoading } from '../ui/detail-page.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { PageHeading } from '../ui/page-heading.tsx'
import { useTitle } from '../ui/use-title.ts'
import { DecidedLink } from './decided-link.tsx'
import styles from './link.module.css'
import { LinkFacts } from './link-facts.tsx'
import { WaitingLink } from './waiting-link.tsx'

const route = getRouteApi('/shell/link/$code')

/** A terminal waits until its person says, here, that it is theirs. */
export function LinkPage() {
  const { code } = route.useParams()
  const { person } = useViewer()
  const link = useSignInLink(code)
  useTitle('Sign-in by SSH')
  if (link.isPending)
    return (
      <div className={styles.page}>
        <DetailLoading />
      </div>
    )
  if (!link.data) return <Failure page error={link.error} retry={() => link.refetch()} />
  const waits = link.data.state === 'waiting'
  return (
    <div className={styles.page}>
      {link.error && <Stale error={link.error} />}
      <PageHeading of={code}>{waits ? 'Is this your terminal?' : 'Sign-in by SSH'}</PageHeading>
      {waits && (
        <p className={styles.lead}>
          Somebody comes in at the SSH gateway as <strong>{person.name}</strong>. Let them in only if you typed that yourself, just now.
        </p>
      )}
      <LinkFacts link={link.data} />
      {waits ? <WaitingLink link={link.data} /> : <DecidedLink link={link.data} />}
    </div>
  )
}
