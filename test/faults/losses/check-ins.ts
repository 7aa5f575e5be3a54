import { access, call, inventory, session } from '@claviger/api'
import type { World } from '../world.ts'
import type { Loss } from './loss.ts'

/** Grants under which somebody came in, and whose account has the same credential since. */
export async function missedCheckIns({ people, accounts }: World): Promise<Loss[]> {
  const { grants } = await people.ask('alice', (api) => call(api, access.grants, { query: { limit: 500 } }))
  const { sessions } = await people.ask('dave', (api) => call(api, session.sessions, { query: { limit: 500 } }))
  const { rotations } = await people.ask('carol', (api) => call(api, inventory.rotations, { query: { limit: 500 } }))
  const used = new Set(sessions.filter((s) => s.state !== 'refused').map((s) => s.grant))
  // the newest end of each account is enough: a rotation after it is one after all before it
  const newest = new Map<string, access.Grant>()
  for (const g of grants.filter((g) => used.has(g.id) && g.endedAt !== null).toReversed()) newest.set(`${g.account}@${g.target}`, g)
  return [...newest].flatMap(([at, grant]): Loss[] => {
    const account = accounts.find((a) => `${a.name}@${a.target.name}` === at)
    const since = Date.parse(grant.endedAt ?? '')
    const done = (kind: string) =>
      rotations.some(
        (r) => r.account.id === account?.id && r.credential === kind && r.state === 'done' && Date.parse(r.startedAt) >= since - 1_000,
      )
    return (account?.credentials ?? [])
      .filter(({ kind }) => !done(kind))
      .map(({ kind }) => ({ kind: 'check-in', what: `${kind} of ${at}`, why: `not replaced since ${grant.id} ended at ${grant.endedAt}` }))
  })
}
