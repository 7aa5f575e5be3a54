import { sessionSearch as api } from '@claviger/api'
import { fail } from '../../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../../platform/http/handler.ts'
import { explainSession } from '../errors.ts'
import type { ViewDeps } from '../view-recording.ts'
import { searchSessions } from './search-sessions.ts'

export function searchRoutes(deps: ViewDeps): RouteHandler[] {
  return [
    on(api.searchSessions, async (incoming) => {
      const found = await searchSessions(deps, signedIn(incoming), incoming.body)
      return found.ok ? found : fail(explainSession(found.error))
    }),
  ]
}
