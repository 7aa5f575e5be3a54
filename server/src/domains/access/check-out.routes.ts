import { checkOut as api } from '@claviger/api'
import { type CredentialKind, isBinary } from '../../kernel/credential-kinds.ts'
import { parseDuration } from '../../kernel/duration.ts'
import type { AccountId, GrantId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, onLean, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import type { Kinds } from '../inventory/index.ts'
import { showRequests, type Viewer } from './access.view.ts'
import { changeCheckOut } from './change-check-out.ts'
import { showCheckOut, showReveals } from './check-out.view.ts'
import { type AccessError, explainAccess, malformedDuration } from './errors.ts'
import { extendGrant } from './extend-grant.ts'
import type { FileRequestDeps } from './file-request.ts'
import { grantWithoutApproval } from './grant-without-approval.ts'
import { issueReadTicket } from './issue-read-ticket.ts'
import { createReads } from './read-credentials.ts'
import { revealCredential } from './reveal-credential.ts'

export interface CheckOutDeps {
  kinds: Pick<Kinds, 'capabilities'>
  /** The code of the last failure when an account's credential could not be replaced; null when nothing failed. */
  rotationTrouble: (account: string) => Promise<string | null>
}

const refuse = (error: AccessError) => fail(explainAccess(error))
const noTicket = { code: 'ticket.unknown', message: 'Send a read ticket: Authorization: Bearer clvr_…. Get one with claviger read-ticket.' }

export function checkOutRoutes(deps: FileRequestDeps & CheckOutDeps & { db: Db }): RouteHandler[] {
  const { db } = deps
  // a string, as above; the same answer for all whom one reading serves
  const read = createReads(deps, async ({ secret, ...rest }) => ({ ...rest, ...(await asValue(rest.credential, secret)) }))
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
      return ok({ ...rest, ...(await asValue(rest.credential, secret)) })
    }),
    on(api.issueReadTicket, async (incoming) => {
      const given = { from: incoming.source, code: incoming.body.code }
      const issued = await issueReadTicket(deps, incoming.params.id as GrantId, signedIn(incoming), given)
      if (!issued.ok) return refuse(issued.error)
      const ticket = await issued.value.ticket.use('show-once-to-owner', (bytes) => Buffer.from(bytes).toString('latin1'))
      return ok({ ticket, expiresAt: issued.value.expiresAt })
    }),
    onLean(api.readCredential, async ({ token, source, query }) => {
      if (token === undefined || !/^clvr_[A-Za-z0-9_-]{22}$/.test(token)) return refuse(noTicket)
      const answer = await read({ ticket: token, from: source, credential: query.credential })
      return answer.ok ? answer : refuse(answer.error)
    }),
    on(api.extendGrant, async (incoming) => {
      const who = signedIn(incoming)
      const { duration, reason, itsmTicket, code } = incoming.body
      const seconds = parseDuration(duration)
      if (seconds === undefined) return malformedDuration()
      const filed = await extendGrant(
        deps,
        incoming.params.id as GrantId,
        { ...who, code },
        { seconds, reason, itsmTicket: itsmTicket ?? null },
      )
      if (!filed.ok) return refuse(filed.error)
      const granted = await grantWithoutApproval(deps, filed.value.id)
      if (!granted.ok) return refuse(granted.error)
      const [request] = await showRequests(db, who, { id: filed.value.id, view: 'all', limit: 1 })
      return request ? ok(request) : refuse({ code: 'access.request_unknown', request: filed.value.id })
    }),
  ]
}

/** Text as it is, a file in base64. */
async function asValue(credential: CredentialKind, secret: Secret): Promise<{ value: string; encoding: 'utf8' | 'base64' }> {
  const encoding = isBinary(credential) ? 'base64' : 'utf8'
  return { value: await secret.use('show-to-holder', (bytes) => Buffer.from(bytes).toString(encoding)), encoding }
}
