import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { AccountId, GrantId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { Act, Audit } from '../audit/index.ts'
import { endGrantRow, type GrantRow, lockExtensionsOf, lockGrant, type RequestRow, setRequestState, yesVotes } from './access.store.ts'
import { writeHolding } from './check-out.store.ts'
import type { AccessError } from './errors.ts'
import { grantEnded, requestExpired, requestVoided } from './events.ts'
import {
  lockDueGrants,
  lockExpiredRequests,
  lockGrantsBefore,
  lockOpenOfPerson,
  lockOpenOn,
  lockOpenOnTarget,
  lockRequestsBefore,
} from './open-access.store.ts'
import { returnedBy } from './return-account.ts'
import { mayEnd, sees } from './rules.ts'

/** What follows the end of a grant, inside its transaction: jobs are enqueued here, so that neither is lost without the other. */
export type WhenGrantEnds = (tx: Tx, grant: GrantRow & { wasHeld: boolean }) => Promise<void>

export interface EndGrantsDeps {
  audit: Audit
  keeper: Keeper
  now: () => Date
  whenGrantEnds: WhenGrantEnds
}

/** One by one where all together were refused: a single row that somebody forged must not keep the others open. */
async function endEach<R extends { id: string }>(
  rows: readonly R[],
  end: (some: readonly R[]) => Promise<Result<void, AccessError>>,
): Promise<Result<number, AccessError>> {
  const together = await end(rows)
  if (together.ok) return ok(rows.length)
  let ended = 0
  for (const row of rows.length > 1 ? rows : []) if ((await end([row])).ok) ended += 1
  return ended > 0 ? ok(ended) : together
}

/** Ends grants: each gets a new attested revision, an entry, and what follows. An account that was held is returned in the same act. */
async function endAll(
  deps: EndGrantsDeps,
  act: Act,
  grants: readonly GrantRow[],
  state: 'ended' | 'void',
  why: string,
): Promise<Result<void, AccessError>> {
  if (grants.length === 0) return ok(undefined)
  const ended = grants.map((g) => ({ ...g, state, revision: g.revision + 1 }))
  const returned = await returnedBy(act.tx, deps.keeper, grants)
  if (!returned.ok) return returned
  const attested = await attest(
    deps.keeper,
    [
      ...ended.map((row) => ({ kind: 'access_grant' as const, revision: row.revision, row: { ...row } })),
      ...[...returned.value.values()].map((r) => r.attested),
    ],
    { by: 'system' },
  )
  if (!attested.ok) return attested
  const at = deps.now()
  for (const grant of ended) {
    const back = returned.value.get(grant.id)?.row
    const own = attested.value.attestations.filter((a) => a.id === grant.id || a.id === back?.id)
    await endGrantRow(act.tx, grant, attested.value.macOf(grant.id), at, why)
    await act.record(
      grantEnded({ grant: grant.id, request: grant.request_id, person: grant.person_id, account: grant.account_id, state, why }),
      own,
    )
    if (back) await writeHolding(act.tx, back, attested.value.macOf(back.id))
    await deps.whenGrantEnds(act.tx, { ...grant, wasHeld: back !== undefined && Object.keys(back.seen).length > 0 })
    const more = await voidRequests(deps, act, await lockExtensionsOf(act.tx, grant.id), 'the grant that it extends ended')
    if (!more.ok) return more
  }
  return ok(undefined)
}

export async function endGrant(
  deps: EndGrantsDeps,
  id: GrantId,
  who: { person: PersonId; groups: readonly string[] },
  why: string,
): Promise<Result<GrantId, AccessError>> {
  return await deps.audit.act<GrantId, AccessError>({ act: 'access.end_grant', by: who.person, about: { grant: id } }, async (act) => {
    const grant = await lockGrant(act.tx, id)
    if (!grant || !sees(grant.person_id, who)) return fail({ code: 'access.grant_unknown', grant: id })
    const approvers = (await yesVotes(act.tx, grant.request_id)).map((v) => v.approver)
    if (!mayEnd({ person: grant.person_id, approvers }, who)) return fail({ code: 'access.not_yours' })
    if (grant.state !== 'active') return fail({ code: 'access.wrong_state', state: grant.state, needs: ['active'] })
    const ended = await endAll(deps, act, [grant], 'ended', why)
    return ended.ok ? ok(id) : ended
  })
}

const batch = 200

/** Ends every grant and request whose time has come. Answers how many. */
export async function endDue(deps: EndGrantsDeps): Promise<Result<number, AccessError>> {
  return await deps.audit.act<number, AccessError>({ act: 'access.end_due', by: null }, async (act) => {
    const at = deps.now()
    const grants = await endEach(await lockDueGrants(act.tx, at, batch), (some) => endAll(deps, act, some, 'ended', 'its time was over'))
    const requests = await endEach(await lockExpiredRequests(act.tx, at, batch), (some) => expireAll(deps, act, some))
    if (grants.ok && requests.ok) return ok(grants.value + requests.value)
    const ended = (grants.ok ? grants.value : 0) + (requests.ok ? requests.value : 0)
    if (ended > 0) return ok(ended)
    return grants.ok ? requests : grants
  })
}

const expireAll = (deps: EndGrantsDeps, act: Act, waiting: readonly RequestRow[]) =>
  closeRequests(deps, act, waiting, { state: 'expired', said: (request) => requestExpired({ request }) })

const voidRequests = (deps: EndGrantsDeps, act: Act, open: readonly RequestRow[], why: string) =>
  closeRequests(deps, act, open, { state: 'void', why, said: (request) => requestVoided({ request, why }) })

/** Requests that nobody will decide on any more, without anybody's word: the keeper looks whether it is so. */
async function closeRequests(
  { keeper }: EndGrantsDeps,
  act: Act,
  open: readonly RequestRow[],
  { state, why, said }: { state: 'expired' | 'void'; why?: string; said: (request: RequestRow['id']) => Parameters<Act['record']>[0] },
): Promise<Result<void, AccessError>> {
  if (open.length === 0) return ok(undefined)
  const requests = open.map((r) => ({ ...r, state, revision: r.revision + 1 }))
  const attested = await attest(
    keeper,
    requests.map((row) => ({ kind: 'access_request', revision: row.revision, row: { ...row } })),
    { by: 'system' },
  )
  if (!attested.ok) return attested
  for (const request of requests) {
    await setRequestState(act.tx, request, attested.value.macOf(request.id), why)
    await act.record(
      said(request.id),
      attested.value.attestations.filter((a) => a.id === request.id),
    )
  }
  return ok(undefined)
}

/** Voids what was asked or granted on one account, inside the transaction after which nobody shall get in with it. */
export async function voidOnAccount(deps: EndGrantsDeps, act: Act, account: AccountId, why: string): Promise<Result<void, AccessError>> {
  const open = await lockOpenOn(act.tx, [account])
  const ended = await endAll(deps, act, open.grants, 'void', why)
  return ended.ok ? await voidRequests(deps, act, open.requests, why) : ended
}

/** Voids what was asked or granted on a target that is not the same any more, inside the transaction that changes it. */
export async function voidOnTarget(
  deps: EndGrantsDeps,
  act: Act,
  target: TargetId,
  why: string,
): Promise<Result<{ requests: GrantRow['request_id'][]; grants: GrantId[] }, AccessError>> {
  const open = await lockOpenOnTarget(act.tx, target)
  const ended = await endAll(deps, act, open.grants, 'void', why)
  if (!ended.ok) return ended
  const voided = await voidRequests(deps, act, open.requests, why)
  return voided.ok ? ok({ requests: open.requests.map((r) => r.id), grants: open.grants.map((g) => g.id) }) : voided
}

/**
 * Voids what somebody asked for or was granted, inside the transaction that shuts them out. A row that was forged does not keep
 * them in: the keeper opens nothing on it, and has raised its alarm.
 */
export async function voidOfPerson(deps: EndGrantsDeps, act: Act, person: PersonId, why: string): Promise<Result<void, AccessError>> {
  const open = await lockOpenOfPerson(act.tx, person)
  for (const voided of [
    await endEach(open.grants, (some) => endAll(deps, act, some, 'void', why)),
    await endEach(open.requests, (some) => voidRequests(deps, act, some, why)),
  ])
    if (!voided.ok && voided.error.code !== 'keeper.forged_row') return voided
  return ok(undefined)
}

/**
 * Voids what was asked or granted before the ledger began a new epoch. The keeper releases nothing on it already; this says so, and has the
 * credentials replaced. Answers how many.
 */
export async function voidEarlierEpochs(deps: EndGrantsDeps): Promise<Result<number, AccessError>> {
  let voided = 0
  for (;;) {
    const some = await voidSomeOfEarlierEpochs(deps)
    if (!some.ok) return some
    voided += some.value
    if (some.value < batch) return ok(voided)
  }
}

async function voidSomeOfEarlierEpochs(deps: EndGrantsDeps): Promise<Result<number, AccessError>> {
  return await deps.audit.act<number, AccessError>({ act: 'access.void_earlier_epochs', by: null }, async (act) => {
    const status = await deps.keeper.ask('status', {})
    if (!status.ok) return status
    const { epoch, epochSince } = status.value
    const grants = await lockGrantsBefore(act.tx, epoch, batch)
    const ended = await endEach(grants, (some) => endAll(deps, act, some, 'void', newEpoch))
    if (!ended.ok || epochSince === null || grants.length === batch) return ended
    const requests = await lockRequestsBefore(act.tx, new Date(epochSince), batch - grants.length)
    const closed = await endEach(requests, (some) => voidRequests(deps, act, some, newEpoch))
    return closed.ok ? ok(ended.value + closed.value) : closed
  })
}

const newEpoch = 'the ledger began a new epoch'
