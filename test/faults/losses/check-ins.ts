import { access, call, inventory, session } from '@claviger/api'
import type { World } from '../world.ts'
import { entriesOf, exportOf } from './ledger.ts'
import type { Loss } from './loss.ts'

/**
 * Grants under which somebody came in, and whose account has the same credential since. What came first is asked of the ledger: a server that
 * was started again under a clock that is behind may be minutes behind what it said before (docs/operating.md, the clock).
 */
export async function missedCheckIns(world: Pick<World, 'people' | 'accounts' | 'claviger'>): Promise<Loss[]> {
  const { people, accounts } = world
  const { grants } = await people.ask('alice', (api) => call(api, access.grants, { query: { limit: 500 } }))
  const { sessions } = await people.ask('dave', (api) => call(api, session.sessions, { query: { limit: 500 } }))
  const { rotations } = await people.ask('carol', (api) => call(api, inventory.rotations, { query: { limit: 500 } }))
  const used = new Set(sessions.filter((s) => s.state !== 'refused').map((s) => s.grant))
  // the newest end of each account is enough: a rotation after it is one after all before it
  const newest = new Map<string, access.Grant>()
  for (const g of grants.filter((g) => used.has(g.id) && g.endedAt !== null).toReversed()) newest.set(`${g.account}@${g.target}`, g)
  const places = new Map<unknown, number>()
  for (const [place, { act, fields }] of entriesOf((await exportOf(world)).split('\n').filter(Boolean)).entries()) {
    if (act === 'access.grant_ended') places.set(fields.grant, place)
    // the first one: a run that was cut off is begun again
    if (act === 'rotation.begun' && !places.has(fields.rotation)) places.set(fields.rotation, place)
  }
  return [...newest].flatMap(([at, grant]): Loss[] => {
    const account = accounts.find((a) => `${a.name}@${a.target.name}` === at)
    const since = places.get(grant.id) ?? Number.POSITIVE_INFINITY
    const done = (kind: string) =>
      rotations.some((r) => r.account.id === account?.id && r.credential === kind && r.state === 'done' && (places.get(r.id) ?? -1) > since)
    return (account?.credentials ?? [])
      .filter(({ kind }) => !done(kind))
      .map(({ kind }) => ({ kind: 'check-in', what: `${kind} of ${at}`, why: `not replaced since ${grant.id} ended at ${grant.endedAt}` }))
  })
}
