import type { GrantId, PersonId, SessionId } from '../../kernel/id.ts'
import { fail, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { type AccessError, type FileRequestDeps, fileRequest, type RequestRow } from '../access/index.ts'
import type { SessionError } from './errors.ts'
import { askedBefore, lastRenewalWaiting } from './renewal.store.ts'

export type RenewDeps = FileRequestDeps & { db: Db }

export interface Asker {
  person: PersonId
  presence: string
  /** A fresh code, where more time takes one. */
  code?: string | undefined
}

/** What is asked for; where something is left out, as it was asked for before. */
export interface MoreTime {
  seconds?: number | undefined
  reason?: string | undefined
  itsmTicket?: string | undefined
}

/** All that one person may have one account for, in seconds. */
const longestChain = 8 * 3600
const longestReason = 500

/**
 * Asks for more time under the grant of a running session: a request like the one that the grant came of, which the same approvers agree to. What
 * is granted moves the end of the grant, and of every session under it.
 */
export async function renewSession(
  deps: RenewDeps,
  session: SessionId | string,
  who: Asker,
  more: MoreTime = {},
): Promise<Result<RequestRow & { approverGroups: readonly string[] }, SessionError | AccessError>> {
  const found = await deps.db.transaction().execute(async (tx) => {
    const asked = await askedBefore(tx, session)
    return asked && { asked, waiting: await lastRenewalWaiting(tx, asked.grant) }
  })
  if (found?.asked.person !== who.person) return fail({ code: 'session.unknown', session })
  const { asked, waiting } = found
  if (!asked.running) return fail({ code: 'session.not_running' })
  if (waiting) return fail({ code: 'session.renewal_waits', request: waiting })
  const room = Math.floor(longestChain - asked.usedSeconds)
  if (room < deps.shortestSeconds) return fail({ code: 'access.chain_too_long' })
  return await fileRequest(deps, who, {
    account: `${asked.account}@${asked.target}`,
    action: 'connect',
    seconds: Math.min(more.seconds ?? asked.seconds, room),
    reason: (more.reason ?? `more time in ${session}: ${asked.reason}`).slice(0, longestReason).toWellFormed(),
    itsmTicket: more.itsmTicket ?? asked.itsmTicket,
    extends: asked.grant as GrantId,
  })
}
