import { Button } from '@mantine/core'
import { IconCloudOff, IconLock, IconMapQuestion, IconTool } from '@tabler/icons-react'
import { Away, Misread, Refused } from '../api.ts'
import styles from './notice.module.css'

/** What a failure is called; the sentence below it is the server's own wherever it gave one. */
export function titleOf(error: unknown): string {
  if (error instanceof Away) return 'The server is away'
  if (error instanceof Misread) return 'This page is out of date'
  if (!(error instanceof Refused)) return 'Something went wrong on this page'
  if (error.status === 403) return 'You may not see this'
  if (error.status === 404) return 'Not found'
  if (error.status === 503) return 'Claviger is not ready'
  return error.status >= 500 ? 'The server failed' : 'The server refused'
}

const iconOf = (error: unknown) => {
  if (error instanceof Away) return IconCloudOff
  if (error instanceof Refused && error.status === 403) return IconLock
  if (error instanceof Refused && error.status === 404) return IconMapQuestion
  return IconTool
}

/** A whole page, or a part of one, that could not be shown: what happened, what to do, and a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const Icon = iconOf(error)
  const settled = error instanceof Refused && [403, 404].includes(error.status)
  return (
    <section className={styles.notice} role="alert">
      <Icon className={styles.icon} size={32} stroke={1.5} aria-hidden="true" />
      <h2 className={styles.title}>{titleOf(error)}</h2>
      <p className={styles.text}>{error instanceof Error ? error.message : 'Reload the page.'}</p>
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

/** The last answer is still shown, but the newest question failed. */
export const Stale = ({ error }: { error: unknown }) => (
  <p className={styles.stale} role="status">
    <IconCloudOff size={16} aria-hidden="true" />
    <span>
      {error instanceof Away ? 'Claviger does not answer: what you see may be old.' : error instanceof Error ? error.message : ''}
    </span>
  </p>
)

/** A refusal beside the control that caused it. */
export const Problem = ({ error }: { error: unknown }) =>
  error ? (
    <div className={styles.problem} role="alert">
      <strong>{error instanceof Refused && error.status < 500 ? '' : `${titleOf(error)}. `}</strong>
      {error instanceof Error ? error.message : String(error)}
      {error instanceof Refused && error.body.issues && (
        <ul className={styles.issues}>
          {error.body.issues.map((issue) => (
            <li key={issue}>{issue}</li>
          ))}
        </ul>
      )}
    </div>
  ) : null
