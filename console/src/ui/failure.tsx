import { Button } from '@mantine/core'
import { IconCloudOff, IconLock, IconMapQuestion, IconTool } from '@tabler/icons-react'
import { Away, Misread, Refused } from '../api.ts'
import { passes } from '../data/keep-asking.ts'
import { localTimes } from '../words/time.ts'
import styles from './notice.module.css'

/** What a failure is called; the sentence below it is the server's own wherever it gave one. */
export function titleOf(error: unknown): string {
  if (error instanceof Away) return 'The server is away'
  if (error instanceof Misread) return 'This page is out of date'
  if (!(error instanceof Refused)) return 'Something went wrong on this page'
  if (error.status === 403) return 'You may not see this'
  if (error.status === 404) return 'Not found'
  if (error.status === 503 && error.body.code !== 'http.failed') return 'Claviger is not ready'
  return error.status >= 500 ? 'The server failed' : 'The server refused'
}

/** The server's own sentence, with its times as the reader's clock shows them. */
const said = (error: unknown): string => (error instanceof Error ? localTimes(error.message, Date.now()) : 'Reload the page.')

const iconOf = (error: unknown) => {
  if (error instanceof Away) return IconCloudOff
  if (error instanceof Refused && error.status === 403) return IconLock
  if (error instanceof Refused && error.status === 404) return IconMapQuestion
  return IconTool
}

interface Props {
  error: unknown
  retry?: (() => void) | undefined
  /** It stands for the whole page, so that its title is the page's heading. */
  page?: boolean
}

/** A whole page, or a part of one, that could not be shown: what happened, what to do, and a way to try again. */
export function Failure({ error, retry, page }: Props) {
  const Title = page ? 'h1' : 'h2'
  const Icon = iconOf(error)
  const settled = error instanceof Refused && [403, 404].includes(error.status)
  return (
    <section className={styles.notice} role="alert">
      <Icon className={styles.icon} size={32} stroke={1.5} aria-hidden="true" />
      <Title className={styles.title}>{titleOf(error)}</Title>
      <p className={styles.text}>{said(error)}</p>
      {error instanceof Refused && error.body.requestId && (
        <p className={styles.small}>
          The server's log knows this as <code>{error.body.requestId}</code>
        </p>
      )}
      {retry && !settled && (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </section>
  )
}

/** One of several parts of a page that could not be shown: in a line, since the others may say the same. What passes is asked again by itself. */
export function SmallFailure({ error, retry }: { error: unknown; retry: () => void }) {
  const Icon = iconOf(error)
  return (
    <div className={styles.inPart} role="alert">
      <Icon size={18} stroke={1.6} aria-hidden="true" />
      <p>
        {said(error)}
        {error instanceof Refused && error.body.requestId && (
          <>
            {' '}
            The server’s log knows this as <code>{error.body.requestId}</code>.
          </>
        )}
      </p>
      {!passes(error) && (
        <Button variant="default" size="compact-sm" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** The last answer is still shown, but the newest question failed. */
export const Stale = ({ error }: { error: unknown }) => (
  <p className={styles.stale} role="status">
    <IconCloudOff size={16} aria-hidden="true" />
    <span>{error instanceof Away ? 'Claviger does not answer: what you see may be old.' : said(error)}</span>
  </p>
)

/** A refusal beside the control that caused it. */
export const Problem = ({ error }: { error: unknown }) =>
  error ? (
    <div className={styles.problem} role="alert">
      {said(error)}
      {error instanceof Refused && error.body.issues && (
        <ul className={styles.issues}>
          {error.body.issues.map((issue) => (
            <li key={issue}>{issue}</li>
          ))}
        </ul>
      )}
    </div>
  ) : null
