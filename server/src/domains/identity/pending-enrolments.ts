import type { PersonId } from '../../kernel/id.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { limits, type Person } from './rules.ts'

export interface PendingEnrolment {
  person: Person & { id: PersonId }
  /** Of the authenticator whose seed was shown. */
  factor: string
  /** Of the password that was chosen; null where the person keeps theirs. */
  verifier: string | null
}

const most = 1000

/**
 * Enrolments between the password and the first code: in memory only, so that nothing of a factor is in the database before the
 * keeper attests it. After a restart the person opens the link again.
 */
export interface PendingEnrolments {
  put(token: string, pending: PendingEnrolment, now: Date): void
  get(token: string, now: Date): PendingEnrolment | undefined
  drop(token: string): void
}

export function pendingEnrolments(): PendingEnrolments {
  const pending = new Map<string, PendingEnrolment & { until: number }>()
  const keyOf = (token: string) => sha256(token).toString('hex')
  return {
    put(token, enrolment, now) {
      for (const [key, { until }] of pending) if (until <= now.getTime()) pending.delete(key)
      const oldest = pending.keys().next().value
      if (pending.size >= most && oldest !== undefined) pending.delete(oldest)
      pending.set(keyOf(token), { ...enrolment, until: now.getTime() + limits.enrolmentMs })
    },
    get(token, now) {
      const found = pending.get(keyOf(token))
      return found && found.until > now.getTime() ? found : undefined
    },
    drop: (token) => pending.delete(keyOf(token)),
  }
}
