import { dependents as api } from '@claviger/api'
import { authorityOf } from '../../keeper/attest-rows.ts'
import type { AccountId, DependentId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { addDependent } from './add-dependent.ts'
import { changeState } from './change-state.ts'
import { showDependents } from './dependents.view.ts'
import type { DependentDeps } from './deps.ts'
import { type DependentError, explainDependent } from './errors.ts'
import { withoutGaps } from './how.ts'
import { lookAtDependent } from './look-at-dependent.ts'
import { tellNow } from './tell-now.ts'

const refuse = (error: DependentError) => fail(explainDependent(error))

export function dependentRoutes(deps: DependentDeps): RouteHandler[] {
  const { db } = deps
  const one = async (id: string) => {
    const [found] = (await showDependents(db, { id, limit: 1 })).dependents
    return found ? ok(found) : refuse({ code: 'dependents.unknown', dependent: id })
  }
  const settled =
    (to: 'active' | 'removed') =>
    async (incoming: Parameters<typeof signedIn>[0] & { params: { id: string }; body: { code?: string | undefined } }) => {
      const authority = authorityOf(incoming.who, incoming.body.code, undefined)
      if (!authority) return refuse({ code: 'dependents.code_needed' })
      const { id } = incoming.params
      const changed = await changeState(deps, signedIn(incoming).person, authority, { dependent: id as DependentId, to })
      return changed.ok ? await one(id) : refuse(changed.error)
    }
  return [
    on(api.dependents, async ({ query }) => ok(await showDependents(db, query))),
    on(api.addDependent, async (incoming) => {
      const { code, credential, host, how } = incoming.body
      const authority = authorityOf(incoming.who, code, undefined)
      if (!authority) return refuse({ code: 'dependents.code_needed' })
      const given = { account: incoming.params.id as AccountId, credential, host, how: withoutGaps(how) }
      const added = await addDependent(deps, signedIn(incoming).person, authority, given)
      return added.ok ? await one(added.value) : refuse(added.error)
    }),
    on(api.confirmDependent, settled('active')),
    on(api.removeDependent, settled('removed')),
    on(api.lookAtDependent, async (incoming) => {
      const looked = await lookAtDependent(deps, incoming.params.id as DependentId, signedIn(incoming).person)
      return looked.ok ? ok({ ready: true as const }) : refuse(looked.error)
    }),
    on(api.tellDependent, async (incoming) => {
      const told = await tellNow(deps, incoming.params.id as DependentId, signedIn(incoming).person)
      if (!told.ok) return refuse(told.error)
      return told.value.did === 'failed' ? refuse(told.value.error) : await one(incoming.params.id)
    }),
  ]
}
