import { signInLinks as api } from '@claviger/api'
import type { Explained } from '../../../kernel/errors.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { on, type RouteHandler, type SignedIn, signedIn } from '../../../platform/http/handler.ts'
import { explainSession, type SessionError } from '../errors.ts'
import { type ConfirmLinkDeps, confirmLink } from './confirm-link.ts'
import { createFindLink, type FindLinkDeps } from './find-link.ts'
import type { LinkRow } from './links.store.ts'
import { type ShownLink, showLink } from './links.view.ts'
import { refuseLink } from './refuse-link.ts'

export type LinkRoutesDeps = ConfirmLinkDeps & FindLinkDeps

const refuse = (error: SessionError) => fail(explainSession(error))

export function linkRoutes(deps: LinkRoutesDeps): RouteHandler[] {
  const find = createFindLink(deps)
  const look = async (
    incoming: { params: { code: string }; source: string; who: SignedIn | undefined },
    act: (row: LinkRow, who: SignedIn) => Promise<Result<void, SessionError>> = async () => ok(undefined),
  ): Promise<Result<ShownLink, Explained>> => {
    const who = signedIn(incoming)
    const found = await find(incoming.params.code, who)
    if (!found.ok) return refuse(found.error)
    const done = await act(found.value, who)
    if (!done.ok) return refuse(done.error)
    const now = await find(incoming.params.code, who)
    return now.ok ? ok(showLink(now.value, incoming.source, deps.now())) : refuse(now.error)
  }
  return [
    on(api.signInLink, (incoming) => look(incoming)),
    on(api.confirmSignInLink, (incoming) => look(incoming, (row, who) => confirmLink(deps, row, who, incoming.body))),
    on(api.refuseSignInLink, (incoming) => look(incoming, (row, who) => refuseLink(deps, row, who))),
  ]
}
