import { breakGlass as api } from '@claviger/api'
import type { AccountId, BreakglassKeyId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { type ActivationDeps, activationRoutes } from './activation.routes.ts'
import type { AdoptDeps } from './adopt-recording.ts'
import { kitFile, showBreakglass } from './breakglass.view.ts'
import { type BreakglassError, explainBreakglass } from './errors.ts'
import { type KitDeps, makeKit } from './make-kit.ts'
import { type MarkDeps, markAccount } from './mark-account.ts'
import { proposeKey } from './propose-key.ts'
import { kitRecordingRoutes } from './recordings.routes.ts'
import { confirmKey, dropKey } from './settle-key.ts'

const refuse = (error: BreakglassError) => fail(explainBreakglass(error))
/** Fits into an answer with room to spare. */
const partLength = 150_000

export function breakglassRoutes(
  deps: MarkDeps & KitDeps & AdoptDeps & ActivationDeps & { db: Db; folder: string | null },
): RouteHandler[] {
  const { db, keeper, folder } = deps
  return [
    ...kitRecordingRoutes(deps),
    ...activationRoutes(deps),
    on(api.breakglass, async () => ok(await showBreakglass(db, keeper, folder))),
    on(api.proposeKey, async (incoming) => {
      const { code, ...key } = incoming.body
      const proposed = await proposeKey(deps, { person: signedIn(incoming).person, code }, key)
      if (!proposed.ok) return refuse(proposed.error)
      const { proposed: shown } = await showBreakglass(db, keeper, folder)
      return shown ? ok(shown) : refuse({ code: 'breakglass.key_unknown', key: proposed.value.id })
    }),
    on(api.settleKey, async (incoming) => {
      const { code, verdict } = incoming.body
      const by = { person: signedIn(incoming).person, code }
      const settle = verdict === 'confirm' ? confirmKey : dropKey
      const settled = await settle(deps, by, incoming.params.id as BreakglassKeyId)
      return settled.ok ? ok({ state: verdict === 'confirm' ? ('active' as const) : ('dropped' as const) }) : refuse(settled.error)
    }),
    on(api.markAccount, async (incoming) => {
      const { code, marked } = incoming.body
      const done = await markAccount(deps, { person: signedIn(incoming).person, code }, incoming.params.id as AccountId, marked)
      return done.ok ? ok({ marked }) : refuse(done.error)
    }),
    on(api.makeKit, async (incoming) => {
      const made = await makeKit(deps, signedIn(incoming).person)
      if (!made.ok) return refuse(made.error)
      const { kits } = await showBreakglass(db, keeper, folder)
      const shown = kits.find((k) => k.id === made.value.id)
      return shown ? ok(shown) : refuse({ code: 'breakglass.kit_unknown', kit: made.value.id })
    }),
    on(api.kitPart, async ({ params, query }) => {
      const file = await kitFile(db, params.id)
      return file === undefined
        ? refuse({ code: 'breakglass.kit_unknown', kit: params.id })
        : ok({ part: file.slice(query.from, query.from + partLength), total: file.length })
    }),
  ]
}
