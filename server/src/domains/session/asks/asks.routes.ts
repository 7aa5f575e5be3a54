import { asks as api } from '@claviger/api'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import { on, type RouteHandler, type SignedIn, signedIn } from '../../../platform/http/handler.ts'
import { explainSession, type SessionError } from '../errors.ts'
import { showAsks } from './asks.view.ts'
import { type DecideAskDeps, decideAsk } from './decide-ask.ts'

export interface AskRoutesDeps extends DecideAskDeps {
  db: Db
}

const refuse = (error: SessionError) => fail(explainSession(error))

export function askRoutes(deps: AskRoutesDeps): RouteHandler[] {
  const { now } = deps
  const one = async (who: SignedIn, id: string) => {
    const found = await showAsks(deps, who, now(), { id, view: 'all', limit: 1 })
    return found.ok ? ok(found.value[0]) : refuse(found.error)
  }
  /** Whoever may not see it is told what everybody is told of a thing that is not there. */
  const decided = async (who: SignedIn, id: string, decide: () => Promise<Result<void, SessionError>>) => {
    const unknown = { code: 'session.ask_unknown', ask: id } as const
    const before = await one(who, id)
    if (!before.ok) return before
    if (!before.value) return refuse(unknown)
    if (before.value.blocked === 'not_an_approver') return refuse({ code: 'session.ask_not_approver' })
    const done = await decide()
    if (!done.ok) return refuse(done.error)
    const shown = await one(who, id)
    if (!shown.ok) return shown
    return shown.value ? ok(shown.value) : refuse(unknown)
  }
  return [
    on(api.sessionAsks, async (incoming) => {
      const found = await showAsks(deps, signedIn(incoming), now(), incoming.query)
      return found.ok ? ok({ asks: found.value }) : refuse(found.error)
    }),
    on(api.allowSessionAsk, async (incoming) => {
      const who = signedIn(incoming)
      const { digest, code, comment = null } = incoming.body
      const { id } = incoming.params
      return await decided(who, id, () => decideAsk(deps, id, who.person, { verdict: 'allowed', digest, code, comment }))
    }),
    on(api.refuseSessionAsk, async (incoming) => {
      const who = signedIn(incoming)
      const { id } = incoming.params
      const { reason } = incoming.body
      return await decided(who, id, () => decideAsk(deps, id, who.person, { verdict: 'refused', presence: who.presence, reason }))
    }),
  ]
}
