import { live as api } from '@claviger/api'
import { fail, ok } from '../../../kernel/result.ts'
import { on, onRaw, type RouteHandler, type SignedIn, signedIn } from '../../../platform/http/handler.ts'
import { explainSession } from '../errors.ts'
import { endSessionsOf } from './end-sessions-of.ts'
import type { OrderDeps } from './give-orders.ts'
import { orderSession, type What } from './order-session.ts'
import type { Watching } from './watching.ts'

export interface LiveRoutesDeps extends OrderDeps {
  watching: Watching
  /** Who a token belongs to now, without keeping its sign-in alive. */
  whoIs(token: string): Promise<SignedIn | undefined>
}

export function liveRoutes(deps: LiveRoutesDeps): RouteHandler[] {
  const { watching, whoIs } = deps
  const order = async (session: string, what: What, words: string, who: SignedIn) => {
    const done = await orderSession(deps, session, what, words, who)
    return done.ok ? ok({ outcome: done.value }) : fail(explainSession(done.error))
  }
  return [
    on(api.messageSession, ({ params, body, who }) => order(params.id, 'message', body.message, signedIn({ who }))),
    on(api.suspendSession, ({ params, body, who }) => order(params.id, 'suspend', body.reason, signedIn({ who }))),
    on(api.resumeSession, ({ params, body, who }) => order(params.id, 'resume', body.reason, signedIn({ who }))),
    on(api.endSessionsOf, async ({ params, body, who }) => {
      const ended = await endSessionsOf(deps, params.id, body.reason, signedIn({ who }))
      return ended.ok ? ok({ ended: ended.value }) : fail(explainSession(ended.error))
    }),
    onRaw(api.watchSession, async (incoming) => {
      const who = signedIn(incoming)
      const { token = '' } = incoming
      const still = async () => {
        const now = await whoIs(token)
        return now?.person === who.person && now.groups.some((g) => api.watchSession.who.includes(g as never))
      }
      const opened = await watching.watch(incoming.params.id, { ...who, still }, incoming.body.covert?.reason)
      return opened.ok ? ok({ type: 'application/jsonl; charset=utf-8', body: opened.value }) : fail(explainSession(opened.error))
    }),
  ]
}
