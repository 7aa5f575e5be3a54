import type { MacOf, NewRow } from '../../keeper/attest-rows.ts'
import { holdingOf } from '../../keeper/facts/holding.ts'
import type { GrantId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { AuditEvent } from '../audit/index.ts'
import { type GrantRow, insertGrant, lockGrant, moveGrantEnd, type RequestRow, setRequestState } from './access.store.ts'
import { type HoldingRow, lockHolding, lockPlace, queuedBefore, queuedNow, whatRunsOn, writeHolding } from './check-out.store.ts'
import type { AccessError } from './errors.ts'
import { grantBegan, grantExtended, requestQueued } from './events.ts'
import { openChain } from './open-access.store.ts'
import { chainGapSeconds } from './rules.ts'

/** What becomes of a request for which everything is there: rows to be attested, how they are written, and what the ledger hears. */
export interface Beginning {
  became: 'grant' | 'queued' | 'extended'
  rows: NewRow[]
  store(macOf: MacOf): Promise<void>
  event: AuditEvent
}

export interface Circumstances {
  at: Date
  epoch: number
  approvals: number
  /** It was its turn: it does not queue behind the others once more. */
  itsTurn?: boolean
}

/** What the database itself refuses of a grant, should everything else have let it pass. */
export const refusalOf: Readonly<Record<string, AccessError>> = {
  access_grant_chain_is_at_most_eight_hours: { code: 'access.chain_too_long' },
  access_grant_one_holder: { code: 'access.held' },
  access_grant_is_alone: { code: 'access.held' },
}

/**
 * A grant, now; where its account is for one person at a time and somebody has it, a place in the queue; where more time was asked for,
 * another end of the grant that runs. The keeper decides all of it again.
 */
export async function begin(tx: Tx, request: RequestRow, now: Circumstances): Promise<Result<Beginning, AccessError>> {
  if (request.extends_grant !== null) return await extension(tx, request, request.extends_grant, now)
  await lockPlace(tx, request.account_id)
  const holding = await lockHolding(tx, request.account_id)
  const { checkOut, running } = await whatRunsOn(tx, request.account_id)
  const exclusive = checkOut === 'exclusive' || request.action === 'reveal'
  const waiting = now.itsTurn ? 0 : await queuedBefore(tx, request.account_id)
  const free = (holding === undefined || holding.state === 'free') && (!exclusive || running.length === 0)
  return ok(free && waiting === 0 ? await grant(tx, request, now, exclusive, holding) : queue(tx, request, now, waiting))
}

async function grant(
  tx: Tx,
  request: RequestRow,
  { at, epoch, approvals }: Circumstances,
  exclusive: boolean,
  before: HoldingRow | undefined,
): Promise<Beginning> {
  const id = newId('grt')
  const chain = await openChain(tx, request.requester_id, request.account_id, new Date(at.getTime() - chainGapSeconds * 1000))
  const row: GrantRow = {
    id,
    request_id: request.id,
    person_id: request.requester_id,
    account_id: request.account_id,
    action: request.action,
    starts_at: at,
    ends_at: new Date(at.getTime() + request.seconds * 1000),
    state: 'active',
    chain_id: chain ?? id,
    epoch,
    exclusive: exclusive ? true : null,
    revision: 1,
  }
  const approved = { ...request, state: 'approved', revision: request.revision + 1 }
  const held: HoldingRow | undefined = exclusive
    ? {
        ...{ id: holdingOf(request.account_id), account_id: request.account_id, grant_id: id, state: 'held', seen: {} },
        revision: (before?.revision ?? 0) + 1,
      }
    : undefined
  return {
    became: 'grant',
    rows: [
      { kind: 'access_request', revision: approved.revision, row: { ...approved } },
      { kind: 'access_grant', revision: 1, row: { ...row } },
      ...(held ? [{ kind: 'holding' as const, revision: held.revision, row: { ...held } }] : []),
    ],
    async store(macOf) {
      await setRequestState(tx, approved, macOf(request.id))
      await insertGrant(tx, row, macOf(id))
      if (held) await writeHolding(tx, held, macOf(held.id))
    },
    event: grantBegan({
      ...{ grant: id, request: request.id, person: row.person_id, account: row.account_id, action: row.action, exclusive },
      ...{ from: at.toISOString(), until: row.ends_at.toISOString(), approvals },
    }),
  }
}

function queue(tx: Tx, request: RequestRow, { at }: Circumstances, waiting: number): Beginning {
  const queued = queuedNow(request, at)
  return {
    became: 'queued',
    rows: [{ kind: 'access_request', revision: queued.revision, row: { ...queued } }],
    store: (macOf) => setRequestState(tx, queued, macOf(request.id)),
    event: requestQueued({ request: request.id, account: request.account_id, person: request.requester_id, position: waiting + 1 }),
  }
}

async function extension(tx: Tx, request: RequestRow, id: GrantId, { at }: Circumstances): Promise<Result<Beginning, AccessError>> {
  const running = await lockGrant(tx, id)
  if (running?.state !== 'active' || running.ends_at <= at) return fail({ code: 'access.grant_over' })
  const longer = { ...running, ends_at: new Date(running.ends_at.getTime() + request.seconds * 1000), revision: running.revision + 1 }
  const approved = { ...request, state: 'approved', revision: request.revision + 1 }
  return ok({
    became: 'extended',
    rows: [
      { kind: 'access_request', revision: approved.revision, row: { ...approved } },
      { kind: 'access_grant', revision: longer.revision, row: { ...longer } },
    ],
    async store(macOf) {
      await setRequestState(tx, approved, macOf(request.id))
      await moveGrantEnd(tx, longer, macOf(id))
    },
    event: grantExtended({
      ...{ grant: id, request: request.id, person: running.person_id, account: running.account_id },
      until: longer.ends_at.toISOString(),
    }),
  })
}
