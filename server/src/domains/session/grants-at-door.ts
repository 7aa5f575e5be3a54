import { type EventEmitter, on } from 'node:events'
import type { Admitted, Grant, Refusal } from '../../gateways/contract.ts'
import type { GrantId, RequestId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { explainAccess, type FileRequestDeps, fileRequest, namesIn, usualSeconds } from '../access/index.ts'
import type { Attempts } from './attempts.ts'
import { requestOutcome, runningGrant } from './session.store.ts'

export interface GrantsDeps extends FileRequestDeps {
  db: Db
  attempts: Attempts
  /** Emits `changed` with the id of a request or grant that the database says has changed; '' when some may have. */
  changes: EventEmitter
  /** Where the console is, for the link in "waiting for approval". */
  console: string
}

const no = (code: string, say: string) => fail<Refusal>({ code, say })

/** A grant as the keeper vouches for it, with what is left of it. */
async function checked({ keeper, now }: GrantsDeps, id: GrantId): Promise<Result<Grant | undefined, Refusal>> {
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'access_grant', id }] })
  if (!vouched.ok) return no(vouched.error.code, vouched.error.message)
  const row = vouched.value.rows[0] as { state?: unknown; ends_at?: unknown } | undefined
  const remainingMs = Date.parse(String(row?.ends_at)) - now().getTime()
  return ok(row?.state === 'active' && remainingMs > 0 ? { id, remainingMs } : undefined)
}

export async function findGrant(deps: GrantsDeps, { person, attempt }: Admitted): Promise<Result<Grant | undefined, Refusal>> {
  const id = await deps.db.transaction().execute((tx) => runningGrant(tx, person, attempt.account, attempt.target, deps.now()))
  if (!id) return ok(undefined)
  const grant = await checked(deps, id)
  if (!grant.ok) deps.attempts.record(attempt.door, attempt.from, grant.error.code, 'grant', { attempt, person })
  return grant
}

export async function requestInPlace(
  deps: GrantsDeps,
  admitted: Admitted,
): Promise<Result<{ request: RequestId; approvers: readonly string[]; link: string }, Refusal>> {
  const { attempt, person, presence } = admitted
  const filed = await fileRequest(
    deps,
    { person, presence },
    {
      account: `${attempt.account}@${attempt.target}`,
      seconds: usualSeconds,
      reason: `asked for at the ${attempt.door === 'ssh' ? 'SSH' : 'PostgreSQL'} door from ${attempt.from}`,
      itsmTicket: null,
    },
  )
  if (!filed.ok) {
    const { code, message } = explainAccess(filed.error).body
    return no(code, message)
  }
  const { id, approverGroups, obligations } = filed.value
  const approvers = obligations.approvals > 0 ? await namesIn(deps.db, approverGroups, person) : []
  return ok({ request: id, approvers, link: `${deps.console}/approvals/${id}` })
}

/** A notification may be lost with its connection: look by yourself as often. */
const lookAgainMs = 2_000

export async function awaitDecision(deps: GrantsDeps, request: RequestId, signal: AbortSignal): Promise<Result<Grant, Refusal>> {
  const outcome = await decided(deps, request, signal)
  if (!outcome.ok) return outcome
  const grant = outcome.value ? await checked(deps, outcome.value) : ok(undefined)
  if (!grant.ok) return grant
  return grant.value ? ok(grant.value) : no('access.grant_over', 'The grant has ended already. Ask again.')
}

/** Waits until somebody decided; a yes with the grant that it became, or that it gave more time. */
export async function decided(
  { db, changes }: Pick<GrantsDeps, 'db' | 'changes'>,
  request: RequestId,
  signal: AbortSignal,
): Promise<Result<GrantId, Refusal>> {
  const told = on(changes, 'changed', { signal })
  const timer = setInterval(() => changes.emit('changed', ''), lookAgainMs)
  try {
    for (;;) {
      const outcome = await db.transaction().execute((tx) => requestOutcome(tx, request))
      if (!outcome) return no('access.request_unknown', 'The request is gone. Ask again.')
      if (outcome.state === 'approved' && outcome.grant) return ok(outcome.grant)
      if (outcome.state === 'denied') return no('access.denied', `The request was denied${outcome.comment ? `: ${outcome.comment}` : ''}.`)
      if (outcome.state !== 'waiting' && outcome.state !== 'queued' && outcome.state !== 'approved')
        return no(`access.${outcome.state}`, `The request is ${outcome.state}. Ask again.`)
      // whatever changed, look again; ours or not is the database's to say
      await told.next()
    }
  } catch (error) {
    if (signal.aborted) return no('access.not_waited', 'You stopped waiting. The request stays; withdraw it with: claviger withdraw.')
    throw error
  } finally {
    clearInterval(timer)
    await told.return?.()
  }
}
