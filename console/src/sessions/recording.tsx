import type { session } from '@claviger/api'
import { Button, Skeleton } from '@mantine/core'
import { IconEyeOff, IconVideoOff } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useReplay, useReplayVerified } from '../data/session.ts'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { Files } from './files.tsx'
import { Forwards } from './forwards.tsx'
import styles from './recording.module.css'
import { Replay } from './replay.tsx'
import { Statements } from './statements.tsx'
import { StatementsOrFiles } from './statements-or-files.tsx'
import { VerifiedOrNot } from './verification.tsx'

const route = getRouteApi('/shell/sessions/$id')

/** What was recorded of a session: a screen to replay, statements or files to read; or why there is none to see. */
export function Recording({ session: s, mayWatch }: { session: session.Session; mayWatch: boolean }) {
  if (!s.recording)
    return (
      <div className={styles.instead}>
        <Empty icon={<IconVideoOff size={32} stroke={1.5} />} title="Nothing was recorded">
          The session did not get as far as its recording, so no credential was used.
        </Empty>
      </div>
    )
  if (s.kind === 'forward') return <Forwards id={s.id} live={s.recording.state === 'running'} />
  if (!mayWatch)
    return (
      <div className={styles.instead}>
        <Empty icon={<IconEyeOff size={32} stroke={1.5} />} title="You may not watch this recording">
          Only security officers and auditors watch recordings, and each viewing is itself kept in the audit log. Ask one of them if you
          need to know what happened here.
        </Empty>
      </div>
    )
  const live = s.recording.state === 'running'
  // in the console no file is sent
  if (s.kind === 'sql' && s.door === 'mysql' && s.way === 'native') return <StatementsOrFiles id={s.id} live={live} />
  if (s.kind === 'sql') return <Statements id={s.id} live={live} />
  if (s.kind === 'files') return <Files id={s.id} live={live} />
  return <TerminalRecording session={s} live={live} />
}

function TerminalRecording({ session: s, live }: { session: session.Session; live: boolean }) {
  const { at } = route.useSearch()
  const opened = useReplay(s.id)
  const whole = useReplayVerified(s.id, opened.data)
  const again = () => void opened.refetch()

  if (opened.isPending) return <Skeleton height={440} radius={10} />
  if (!opened.data)
    return (
      <div className={styles.instead}>
        <Failure error={opened.error} retry={again} />
      </div>
    )
  const { replay, seconds, keystrokes, verified } = opened.data
  return (
    <>
      <VerifiedOrNot live={live} known={verified} whole={whole} keystrokes={keystrokes} />
      {seconds > 0 ? (
        <Replay key={replay} session={s.id} opened={opened.data} at={at ?? (live ? seconds : undefined)} again={again} />
      ) : (
        <div className={styles.instead}>
          <Empty icon={<IconVideoOff size={32} stroke={1.5} />} title="The screen stayed empty">
            The session was recorded, and the target sent nothing.
          </Empty>
        </div>
      )}
      <p className={styles.note}>
        Your viewing is kept in the audit log.
        {live && (
          <>
            {' '}
            This is the recording up to when you opened it.{' '}
            <Button variant="default" size="compact-xs" loading={opened.isFetching} onClick={again}>
              Load what came since
            </Button>
          </>
        )}
      </p>
      {opened.isRefetchError && <Stale error={opened.error} />}
    </>
  )
}
