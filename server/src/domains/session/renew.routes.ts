import { session as api } from '@claviger/api'
import { parseDuration } from '../../kernel/duration.ts'
import { fail, ok } from '../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { explainAccess, grantWithoutApproval, namesIn } from '../access/index.ts'
import { explainSession, type SessionError } from './errors.ts'
import { type RenewDeps, renewSession } from './renew-session.ts'

export function renewRoutes(deps: RenewDeps): RouteHandler[] {
  return [
    on(api.renewSession, async (incoming) => {
      const { person, presence } = signedIn(incoming)
      const { duration, reason, itsmTicket, code } = incoming.body
      const seconds = duration === undefined ? undefined : parseDuration(duration)
      if (duration !== undefined && seconds === undefined)
        return fail({
          http: 422,
          body: { code: 'access.duration_malformed', message: 'That is no duration. Write for example 45m, 1h30m or 4h.' },
        })
      const more = { seconds, reason, itsmTicket }
      const filed = await renewSession(deps, incoming.params.id, { person, presence, code }, more)
      if (!filed.ok) {
        const { error } = filed
        return fail(error.code.startsWith('session.') ? explainSession(error as SessionError) : explainAccess(error as never))
      }
      const { id, approverGroups, obligations } = filed.value
      const granted = await grantWithoutApproval(deps, id)
      if (!granted.ok) return fail(explainAccess(granted.error))
      const approvers = obligations.approvals > 0 ? await namesIn(deps.db, approverGroups, person) : []
      return ok({ request: id, granted: granted.value, seconds: filed.value.seconds, approvers: [...approvers] })
    }),
  ]
}
