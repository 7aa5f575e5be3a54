import { access as api } from '@claviger/api'
import { parseDuration } from '../../kernel/duration.ts'
import type { Explained } from '../../kernel/errors.ts'
import type { GrantId, RequestId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler, type SignedIn, signedIn } from '../../platform/http/handler.ts'
import { type ShownRequest, showGrants, showRequests } from './access.view.ts'
import { approveRequest } from './approve-request.ts'
import { type CheckOutDeps, checkOutRoutes } from './check-out.routes.ts'
import { denyRequest, withdrawRequest } from './close-request.ts'
import { type EndGrantsDeps, endGrant } from './end-grants.ts'
import { type AccessError, explainAccess, malformedDuration } from './errors.ts'
import { type FileRequestDeps, fileRequest } from './file-request.ts'
import { grantWithoutApproval } from './grant-without-approval.ts'
import { policyRoutes } from './policy.routes.ts'
import { policyChangeRoutes } from './policy-change/policy-change.routes.ts'
import { previewRequest } from './preview-request.ts'

const refuse = (error: AccessError) => fail(explainAccess(error))

export function accessRoutes(deps: FileRequestDeps & EndGrantsDeps & CheckOutDeps & { db: Db }): RouteHandler[] {
  const { db } = deps
  const one = async (who: SignedIn, id: string): Promise<Result<ShownRequest, Explained>> => {
    const [request] = await showRequests(db, who, { id, view: 'all', limit: 1 })
    return request ? ok(request) : refuse({ code: 'access.request_unknown', request: id })
  }
  const after = async (who: SignedIn, done: Result<RequestId, AccessError>) => (done.ok ? await one(who, done.value) : refuse(done.error))

  return [
    ...policyRoutes(deps),
    ...policyChangeRoutes(deps),
    ...checkOutRoutes(deps),
    on(api.previewRequest, async (incoming) => {
      const seconds = parseDuration(incoming.body.duration)
      if (seconds === undefined) return malformedDuration()
      const preview = await previewRequest(
        deps,
        signedIn(incoming).person,
        incoming.body.account,
        incoming.body.action,
        seconds,
        incoming.body.itsmTicket,
      )
      return preview.ok ? ok(preview.value) : refuse(preview.error)
    }),
    on(api.fileRequest, async (incoming) => {
      const who = signedIn(incoming)
      const { account, action, duration, reason, itsmTicket } = incoming.body
      const seconds = parseDuration(duration)
      if (seconds === undefined) return malformedDuration()
      const filed = await fileRequest(deps, who, { account, action, seconds, reason, itsmTicket: itsmTicket ?? null })
      if (!filed.ok) return refuse(filed.error)
      const granted = await grantWithoutApproval(deps, filed.value.id)
      return granted.ok ? await one(who, filed.value.id) : refuse(granted.error)
    }),
    on(api.requests, async (incoming) => {
      const { state, ...rest } = incoming.query
      return ok({ requests: await showRequests(db, signedIn(incoming), { ...(state !== undefined && { state }), ...rest }) })
    }),
    on(api.getRequest, async (incoming) => await one(signedIn(incoming), incoming.params.id)),
    on(api.approveRequest, async (incoming) => {
      const who = signedIn(incoming)
      const { digest, code, comment } = incoming.body
      return await after(
        who,
        await approveRequest(deps, {
          id: incoming.params.id as RequestId,
          approver: who.person,
          groups: who.groups,
          digest,
          code,
          comment: comment ?? null,
        }),
      )
    }),
    on(api.denyRequest, async (incoming) => {
      const who = signedIn(incoming)
      return await after(who, await denyRequest(deps, incoming.params.id as RequestId, who, incoming.body.reason))
    }),
    on(api.withdrawRequest, async (incoming) => {
      const who = signedIn(incoming)
      return await after(who, await withdrawRequest(deps, incoming.params.id as RequestId, who))
    }),
    on(api.grants, async (incoming) => {
      const { state, person, after, limit } = incoming.query
      return ok({ grants: await showGrants(db, signedIn(incoming), { ...(state !== undefined && { state }), person, after, limit }) })
    }),
    on(api.endGrant, async (incoming) => {
      const who = signedIn(incoming)
      const ended = await endGrant(deps, incoming.params.id as GrantId, who, incoming.body.reason)
      if (!ended.ok) return refuse(ended.error)
      const [grant] = await showGrants(db, who, { id: ended.value, limit: 1 })
      return grant ? ok(grant) : refuse({ code: 'access.grant_unknown', grant: ended.value })
    }),
  ]
}
