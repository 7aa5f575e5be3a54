import { session } from '@claviger/api'
import { Button, Group, Skeleton, VisuallyHidden } from '@mantine/core'
import { IconChevronLeft, IconFileCertificate } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useRef, useState } from 'react'
import { HeldInSession } from '../asks/held-in-session.tsx'
import { useViewer } from '../data/identity.ts'
import { useSession } from '../data/session.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { PageHeading } from '../ui/page-heading.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { useNow, When } from '../ui/when.tsx'
import { inWords } from '../words/duration.ts'
import { endingInWords, lengthOf, stateOf } from '../words/session.ts'
import { EndSession } from './end-session.tsx'
import { LiveView } from './live-view.tsx'
import { Oversee } from './oversee.tsx'
import { Recording } from './recording.tsx'
import { RenewSession } from './renew-session.tsx'
import { SessionFacts } from './session-facts.tsx'
import styles from './session-page.module.css'
import { Unseen } from './unseen.tsx'

const route = getRouteApi('/shell/sessions/$id')

/** One session: its replay, and everything that is known about it. */
export function SessionPage() {
  const { id } = route.useParams()
  const found = useSession(id)
  const navigate = useNavigate()
  const page = useRef<HTMLDivElement>(null)
  const close = useCallback(() => void navigate(links.sessions()), [navigate])
  useListKeys(page, close)
  useTitle(found.data ? `${found.data.person.name} on ${found.data.account}@${found.data.target}` : 'Session')

  return (
    <div className={styles.page} ref={page}>
      <Link {...links.sessions()} className={styles.back}>
        <IconChevronLeft size={18} aria-hidden="true" />
        Sessions
      </Link>
      {found.isPending && <Loading />}
      {found.data ? (
        <>
          {found.error && <Stale error={found.error} />}
          <Found session={found.data} />
        </>
      ) : (
        found.error && <Failure page error={found.error} retry={() => found.refetch()} />
      )}
    </div>
  )
}

function Found({ session: s }: { session: session.Session }) {
  const viewer = useViewer()
  const now = useNow()
  const running = s.state === 'running' || s.state === 'opening'
  const [watching, setWatching] = useState<{ covert: string | undefined }>()
  return (
    <>
      <header className={styles.head}>
        <div>
          <PageHeading of={s.id}>
            {s.person.displayName} on{' '}
            <code>
              {s.account}@{s.target}
            </code>
          </PageHeading>
          <p className={styles.sub}>
            <StateChip {...stateOf(s)} />
            <span>
              opened <When at={s.openedAt} as="moment" />, {running ? 'so far' : 'for'} {inWords(lengthOf(s, now))}
            </span>
            {s.endReason && <span className="quiet">{endingInWords(s.endReason)}</span>}
          </p>
        </div>
        {!running && viewer.seesRecordings && s.recording && s.recording.destroyedAt === null && (
          <Button
            component="a"
            variant="default"
            href={session.exportPage.path.replace(':id', s.id)}
            download={`${s.id}-evidence.html`}
            leftSection={<IconFileCertificate size={16} />}
            title="One file that plays and verifies this recording, for somebody without an account. Exporting it is kept in the audit log."
          >
            Export evidence
          </Button>
        )}
        {running && (
          <Group gap="xs">
            {viewer.id === s.person.id && (
              <RenewSession session={s}>
                {(open) => (
                  <Button variant="default" onClick={open}>
                    Ask for more time…
                  </Button>
                )}
              </RenewSession>
            )}
            {viewer.seesRecordings && viewer.id !== s.person.id && !watching && (
              <Button onClick={() => setWatching({ covert: undefined })}>Watch live</Button>
            )}
            {viewer.endsSessions && <Oversee session={s} onCovert={(covert) => setWatching({ covert })} />}
            {viewer.endsSessions && (
              <EndSession session={s}>
                {(open) => (
                  <Button variant="danger" onClick={open}>
                    End session…
                  </Button>
                )}
              </EndSession>
            )}
          </Group>
        )}
      </header>
      <HeldInSession key={`held ${s.id}`} session={s.id} running={running} />
      {watching ? <LiveView session={s} covert={watching.covert} /> : <Recording key={s.id} session={s} mayWatch={viewer.seesRecordings} />}
      {viewer.seesRecordings && keepsUnseen(s) && <Unseen key={`unseen ${s.id}`} session={s} />}
      <SessionFacts session={s} />
    </>
  )
}

/** Transfers of files and forwarded connections have nothing that was typed. */
const keepsUnseen = (s: session.Session): boolean =>
  s.recording !== null && s.recording.destroyedAt === null && (s.kind === 'shell' || s.kind === 'exec' || s.kind === 'sql')

const Loading = () => (
  <>
    <VisuallyHidden>Loading</VisuallyHidden>
    <Skeleton height={28} width="55%" />
    <Skeleton height={22} width={220} />
    <Skeleton height={420} />
  </>
)
