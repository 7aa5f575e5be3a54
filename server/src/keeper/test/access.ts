import { createDecide } from '../../domains/access/index.ts'
import { must } from '../../domains/identity/test/house.ts'
import type { PersonId, RequestId } from '../../kernel/id.ts'
import { newId } from '../../platform/crypto/random.ts'
import { contentOf } from '../facts/fact.ts'
import { requestDigest } from '../facts/request-digest.ts'
import { factColumns } from '../facts/tables.ts'
import type { Row, World } from './world.ts'

export interface Drafted extends Row {
  id: RequestId
  requester_id: PersonId
  account_id: string
  digest: string
  created_at: Date
}

/** A request as the product would file it now: with what policy demands and the digest of exactly this. `over` changes it before the digest is made. */
export async function draft(
  world: World,
  who: { id: PersonId },
  account: Row,
  target: Row = world.web01,
  { seconds = 3600, ...over }: Row = {},
): Promise<Drafted> {
  const [person, a, t] = [
    await world.vouched('person', who.id),
    await world.vouched('account', String(account.id)),
    await world.vouched('target', String(target.id)),
  ]
  const decide = createDecide(world.keeper)
  const itsmTicket = (over.itsm_ticket as string | undefined) ?? null
  const decided = await world.db.transaction().execute((tx) =>
    decide(tx, { person, account: a, target: t } as never, {
      action: (over.action as 'connect' | undefined) ?? 'connect',
      seconds: Number(seconds),
      itsmTicket,
    }),
  )
  const { decision } = must(decided)
  const now = world.clock.now()
  const row = {
    ...{
      id: newId('req'),
      requester_id: who.id,
      account_id: String(account.id),
      action: 'connect',
      reason: 'disk is full',
      itsm_ticket: itsmTicket,
    },
    ...{ seconds, obligations: decision.allowed ? { ...decision.obligations, because: [...decision.because] } : {} },
    ...{ state: 'waiting', created_at: now, expires_at: new Date(now.getTime() + 24 * 3600_000) },
    ...over,
  }
  return { ...row, digest: requestDigest(contentOf(factColumns.access_request, row), a as never, t as never) } as Drafted
}

export const vote = (world: World, request: Drafted, by: { id: PersonId }, over: Row = {}) => ({
  ...{ id: newId('apr'), request_id: request.id, requester_id: request.requester_id, approver_id: by.id, verdict: 'approved' },
  ...{ digest: request.digest, factor_kind: 'totp', at: world.clock.now() },
  ...over,
})

export const grant = (world: World, request: Drafted, over: Row = {}) => {
  const id = newId('grt')
  const at = world.clock.now()
  return {
    ...{ id, request_id: request.id, person_id: request.requester_id, account_id: request.account_id, action: request.action },
    ...{ starts_at: at, ends_at: new Date(at.getTime() + Number(request.seconds) * 1000), state: 'active', chain_id: id },
    ...{ epoch: world.inside.context.identity.epoch },
    ...over,
  }
}

/** A request that is in the ledger and waits. */
export async function filed(world: World, who: { id: PersonId; code(): string }, account: Row, target?: Row, over?: Row): Promise<Drafted> {
  const authority = await world.present(who)
  const row = await draft(world, who, account, target, over)
  must(await world.write([{ kind: 'access_request', revision: 1, row }], authority))
  return row
}

/** A grant that runs, with the yes of one approver. */
export async function granted(
  world: World,
  who: { id: PersonId; code(): string },
  account: Row,
  approver: { id: PersonId; code(): string },
  target?: Row,
  over?: Row,
) {
  const request = await filed(world, who, account, target, over)
  const authority = world.stepUp(approver)
  const row = grant(world, request)
  must(
    await world.write(
      [
        { kind: 'approval', revision: 1, row: vote(world, request, approver) },
        { kind: 'access_request', revision: 2, row: { ...request, state: 'approved' } },
        { kind: 'access_grant', revision: 1, row },
      ],
      authority,
    ),
  )
  return { request, grant: row }
}

export const session = (world: World, g: Row, over: Row = {}) => ({
  ...{ id: newId('ses'), grant_id: g.id, person_id: g.person_id, account_id: g.account_id, door: 'ssh', kind: 'shell', command: null },
  ...{ source: '127.0.0.1:5', recording_id: newId('rec'), header_hash: 'a'.repeat(64), opened_at: world.clock.now() },
  ...over,
})
