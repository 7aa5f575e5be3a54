import { setTimeout as delay } from 'node:timers/promises'
import { replay as api } from '@claviger/api'
import type { SessionId } from '../../../kernel/id.ts'
import { fail, ok } from '../../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../../platform/http/handler.ts'
import { explainSession, type SessionError } from '../errors.ts'
import type { ReplayDeps } from '../view-recording.ts'
import { wholeOf } from '../views/open-view.ts'
import { OpenViews } from '../views/open-views.ts'
import { type OpenReplay, openedReplay, openReplay } from './open-replay.ts'
import { replayPart } from './replay-part.ts'

/** So long who opens does: a short recording is verified before it is shown. */
const shortMs = 50

const refuse = (error: SessionError) => fail(explainSession(error))

export function replayRoutes(deps: ReplayDeps): RouteHandler[] {
  const all = { ...deps, replays: new OpenViews<OpenReplay>() }
  return [
    on(api.openReplay, async (incoming) => {
      const opened = await openReplay(all, incoming.params.id as SessionId, signedIn(incoming))
      if (!opened.ok) return refuse(opened.error)
      const { id, outline, whole } = opened.value
      await Promise.race([whole.done, delay(shortMs)])
      const { columns, rows, seconds, gaps, stretches, commands, moreCommands, keystrokes } = outline
      return ok({
        ...{ replay: id, columns, rows, seconds, gaps, parts: stretches.map((one) => one.seconds) },
        ...{ commands, moreCommands, keystrokes, verified: whole.verified ?? null },
      })
    }),
    on(api.replayPart, async (incoming) => {
      const { id, replay, n } = incoming.params
      const part = await replayPart(all, { session: id, replay, n }, signedIn(incoming))
      return part.ok ? part : refuse(part.error)
    }),
    on(api.replayVerified, async (incoming) => {
      const { id, replay } = incoming.params
      const open = await openedReplay(all, { session: id, replay }, signedIn(incoming))
      return open.ok ? ok(await wholeOf(open.value)) : refuse(open.error)
    }),
  ]
}
