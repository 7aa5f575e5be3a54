import { attest } from '../../keeper/attest-rows.ts'
import type { AccountId, RequestId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import { lockRequest, setRequestState, yesVotes } from './access.store.ts'
import type { ApproveRequestDeps } from './approve-request.ts'
import { begin } from './begin-grant.ts'
import { accountsToLookAt, lockHolding, lockPlace, nextInQueue, whatRunsOn, writeHolding } from './check-out.store.ts'
import type { AccessError } from './errors.ts'
import { accountFreed, requestVoided } from './events.ts'

export interface GiveToNextDeps extends ApproveRequestDeps {
  db: Db
  /** Whether what the last holder knew of these credentials is dead: replaced by a newer version, proven, and nothing is under way. */
  isReplaced: (tx: Tx, account: AccountId, seen: Readonly<Record<string, number>>) => Promise<boolean>
}

/** Looks at each account that comes back or that somebody waits for. Safe to repeat, and on several servers at once. */
export async function giveAllToNext(deps: GiveToNextDeps): Promise<void> {
  for (const account of await deps.db.transaction().execute((tx) => accountsToLookAt(tx))) await giveToNext(deps, account)
}

/** Gives an account that came back to whoever waits for it longest: not before its credential was replaced. */
export async function giveToNext(deps: GiveToNextDeps, account: AccountId): Promise<void> {
  if (!(await free(deps, account))) return
  // a shared account goes to several in a row; the bound is only so that this ends
  for (let turn = 0; turn < 1000; turn += 1) {
    const next = await deps.db.transaction().execute((tx) => whoseTurn(tx, account))
    if (!next || !(await give(deps, account, next))) return
  }
}

async function free({ db, audit, keeper, isReplaced }: GiveToNextDeps, account: AccountId): Promise<boolean> {
  const looks = await db.transaction().execute(async (tx) => {
    const holding = await lockHolding(tx, account)
    if (holding?.state !== 'returned') return holding?.state ?? 'free'
    return (await isReplaced(tx, account, holding.seen)) ? 'replaced' : 'returned'
  })
  if (looks !== 'replaced') return looks === 'free'
  const freed = await audit.act<boolean, AccessError>({ act: 'access.free', by: null, about: { account } }, async ({ tx, record }) => {
    await lockPlace(tx, account)
    const holding = await lockHolding(tx, account)
    if (holding?.state !== 'returned') return ok(holding?.state === 'free')
    const row = { ...holding, state: 'free' as const, revision: holding.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'holding', revision: row.revision, row: { ...row } }], { by: 'system' })
    if (!attested.ok) return attested
    await writeHolding(tx, row, attested.value.macOf(row.id))
    await record(accountFreed({ account, grant: row.grant_id }), attested.value.attestations)
    return ok(true)
  })
  return freed.ok && freed.value
}

/** The request that waits longest, when nothing stands in its way any more. */
async function whoseTurn(tx: Tx, account: AccountId): Promise<RequestId | undefined> {
  const next = await nextInQueue(tx, account)
  if (!next) return undefined
  const { id, action } = next
  const { checkOut, running } = await whatRunsOn(tx, account)
  const holding = await lockHolding(tx, account)
  const exclusive = checkOut === 'exclusive' || action === 'reveal'
  return (holding === undefined || holding.state === 'free') && (!exclusive || running.length === 0) ? id : undefined
}

/** Refusals after which this request will never become a grant: the next one in the queue shall not wait for it. */
const forGood = ['policy.', 'access.changed', 'access.denied', 'access.approvals_missing', 'access.person_not_active', 'access.expired']

/** Answers whether the queue moved. */
async function give(deps: GiveToNextDeps, account: AccountId, id: RequestId): Promise<boolean> {
  const { audit, keeper, now } = deps
  const given = await audit.act<boolean, AccessError>({ act: 'access.give', by: null, about: { request: id } }, async ({ tx, record }) => {
    await lockPlace(tx, account)
    const request = await lockRequest(tx, id)
    if (request?.state !== 'queued' || (await nextInQueue(tx, account))?.id !== id) return ok(true)
    const status = await keeper.ask('status', {})
    if (!status.ok) return status
    const approvals = (await yesVotes(tx, id)).length
    const begun = await begin(tx, request, { at: now(), epoch: status.value.epoch, approvals, itsTurn: true })
    if (!begun.ok) return begun
    if (begun.value.became === 'queued') return ok(false)
    const attested = await attest(keeper, begun.value.rows, { by: 'system' })
    if (!attested.ok) return attested
    await begun.value.store(attested.value.macOf)
    await record(begun.value.event, attested.value.attestations)
    return ok(true)
  })
  if (given.ok) return given.value
  const { code } = given.error
  return forGood.some((end) => code.startsWith(end)) && (await voided(deps, id, code)).ok
}

async function voided({ audit, keeper }: GiveToNextDeps, id: RequestId, why: string): Promise<Result<void, AccessError>> {
  return await audit.act<void, AccessError>({ act: 'access.void_queued', by: null, about: { request: id } }, async ({ tx, record }) => {
    const request = await lockRequest(tx, id)
    if (request?.state !== 'queued') return ok(undefined)
    const row = { ...request, state: 'void', revision: request.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'access_request', revision: row.revision, row: { ...row } }], { by: 'system' })
    if (!attested.ok) return attested
    await setRequestState(tx, row, attested.value.macOf(id), `when its turn came: ${why}`)
    await record(requestVoided({ request: id, why: `when its turn came: ${why}` }), attested.value.attestations)
    return ok(undefined)
  })
}
