import { must } from '../../domains/identity/test/house.ts'
import type { PersonId } from '../../kernel/id.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { NewRow } from '../attest-rows.ts'
import { holdingOf } from '../facts/holding.ts'
import { type Drafted, filed, grant, vote } from './access.ts'
import type { Row, World } from './world.ts'

type Who = { id: PersonId; code(): string }

/** The next revision of a row, changed. */
export const again = async (world: World, kind: NewRow['kind'], id: string, over: Row): Promise<NewRow> => ({
  kind,
  row: { ...(await world.vouched(kind, id)), ...over },
  revision: (world.inside.context.notary.head(kind, id)?.revision ?? 0) + 1,
})

/** Which revision of an account's holding comes next. */
const nextHolding = (world: World, account: string) => (world.inside.context.notary.head('holding', holdingOf(account))?.revision ?? 0) + 1

/** What an exclusive grant takes with it. */
export const held = (world: World, account: string, by: string, over: Row = {}): NewRow => ({
  kind: 'holding',
  revision: nextHolding(world, account),
  row: { id: holdingOf(account), account_id: account, grant_id: by, state: 'held', seen: {}, ...over },
})

/** Rows of the act in which a request becomes a grant that holds its account. */
export function taking(world: World, request: Drafted, over: Row = {}): { rows: NewRow[]; grant: Row & { id: string } } {
  const row = grant(world, request, { exclusive: true, ...over })
  return {
    grant: row,
    rows: [
      { kind: 'access_request', revision: 2, row: { ...request, state: 'approved' } },
      { kind: 'access_grant', revision: 1, row },
      held(world, String(request.account_id), row.id),
    ],
  }
}

/** Somebody holds an account alone, after one approval. */
export async function holds(world: World, who: Who, account: Row, approver: Who, target: Row = world.web01, over: Row = {}) {
  const request = await filed(world, who, account, target, over)
  const { rows, grant: g } = taking(world, request)
  must(await world.write([{ kind: 'approval', revision: 1, row: vote(world, request, approver) }, ...rows], world.stepUp(approver)))
  return { request, grant: g }
}

/** The account is given back: the grant ends, and what its holder can know is written down. */
export async function gaveBack(world: World, g: Row, seen: Row = { password: 1 }) {
  const rows = [
    await again(world, 'access_grant', String(g.id), { state: 'ended' }),
    held(world, String(g.account_id), String(g.id), { state: 'returned', seen }),
  ]
  must(await world.write(rows, { by: 'system' }))
}

/** One showing of version 1 of a password. */
export const showing = (world: World, g: Row, over: Row = {}) => ({
  ...{ id: newId('rvl'), grant_id: g.id, person_id: g.person_id, account_id: g.account_id, credential: 'password', version: 1 },
  ...{ at: world.clock.now() },
  ...over,
})

/** A target of a kind that no gateway reaches, with accounts whose password is in the vault. */
export async function withoutGateway(world: World, name: string, ...accounts: string[]) {
  const target = world.target(name, { kind: 'redis', environment: 'lab' })
  const added = await world.added(target, ...accounts)
  return { target, accounts: added }
}
