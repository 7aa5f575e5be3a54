import { checkOut as api } from '@claviger/api'
import { parseDuration } from '../../kernel/duration.ts'
import type { AccountId, GrantId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import type { Kinds } from '../inventory/index.ts'
import { showRequests, type Viewer } from './access.view.ts'
import { changeCheckOut } from './change-check-out.ts'
import { showCheckOut, showReveals } from './check-out.view.ts'
import { type AccessError, explainAccess, malformedDuration } from './errors.ts'
import { extendGrant } from './extend-grant.ts'
import type { FileRequestDeps } from './file-request.ts'
import { grantWithoutApproval } from './grant-without-approval.ts'
import { revealCredential } from './reveal-credential.ts'

export interface CheckOutDeps {
  kinds: Pick<Kinds, 'capabilities'>
  /** The code of the last failure when an account's credential could not be replaced; null when nothing failed. */
  rotationTrouble: (account: string) => Promise<string | null>
}

const refuse = (error: AccessError) => fail(explainAccess(error))

export function checkOutRoutes(deps: FileRequestDeps & CheckOutDeps & { db: Db }): RouteHandler[] {
  const { db } = deps
  const shown = async (viewer: Viewer, account: string) => {
    const ask = { capabilities: (kind: string) => deps.kinds.capabilities(kind), trouble: deps.rotationTrouble }
    const found = await showCheckOut(db, viewer, account, ask)
    return found ? ok(found) : refuse({ code: 'access.account_unknown', account })
  }
  return [
    on(api.getCheckOut, async (incoming) => await shown(signedIn(incoming), incoming.params.id)),
    on(api.changeCheckOut, async (incoming) => {
      const who = signedIn(incoming)
      const { mode, code } = incoming.body
      const changed = await changeCheckOut(deps, incoming.params.id as AccountId, { person: who.person, code }, mode)
      return changed.ok ? await shown(who, incoming.params.id) : refuse(changed.error)
    }),
    on(api.reveals, async ({ params, query: { after, limit } }) => {
      const rows = await showReveals(db, params.id, { after, limit: limit + 1 })
      const reveals = rows.slice(0, limit)
      return ok({ reveals, next: rows.length > limit ? (reveals.at(-1)?.id ?? null) : null })
    }),
    on(api.revealCredential, async (incoming) => {
      const revealed = await revealCredential(deps, incoming.params.id as GrantId, signedIn(incoming), incoming.body)
      if (!revealed.ok) return refuse(revealed.error)
      const { secret, ...rest } = revealed.value
      // JSON wants a string, which cannot be wiped: docs/security.md says so
      const value = await secret.use('show-to-holder', (bytes) => Buffer.from(bytes).toString('utf8'))
      secret.wipe()
      return ok({ ...rest, value })
    }),
    on(api.extendGrant, async (incoming) => {
      const who = signedIn(incoming)
      const { duration, reason, itsmTicket } = incoming.body
      const seconds = parseDuration(duration)
      if (seconds === undefined) return malformedDuration()
      const filed = await extendGrant(deps, incoming.params.id as GrantId, who, { seconds, reason, itsmTicket: itsmTicket ?? null })
      if (!filed.ok) return refuse(filed.error)
      const granted = await grantWithoutApproval(deps, filed.value.id)
      if (!granted.ok) return refuse(granted.error)
      const [request] = await showRequests(db, who, { id: filed.value.id, view: 'all', limit: 1 })
      return request ? ok(request) : refuse({ code: 'access.request_unknown', request: filed.value.id })
    }),
  ]
}
