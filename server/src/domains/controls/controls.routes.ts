import { type AnswerOf, controls as api } from '@claviger/api'
import { ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler } from '../../platform/http/handler.ts'
import type { Controls } from './controls.ts'
import { showNodes } from './nodes.view.ts'

interface ControlRouteDeps {
  controls: Controls
  db: Db
  node: string
  /** What people must do again and again, as the domain of each says. */
  duties: () => Promise<AnswerOf<typeof api.controls>['duties']>
}

export const controlRoutes = ({ controls, db, node, duties }: ControlRouteDeps): RouteHandler[] => [
  on(api.nodes, async () => ok(await showNodes(db, node))),
  on(api.controls, async () => {
    const { node: name, controls: all, silences } = controls.now()
    return ok({
      controls: all.map(({ agoMs, ...control }) => ({ ...control, node: name, secondsAgo: Math.round(agoMs / 1000) })),
      silences: silences.filter((s) => s.until === null).map(({ control, since, cause }) => ({ control, node: name, since, cause })),
      duties: await duties(),
    })
  }),
]
