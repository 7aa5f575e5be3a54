import { controls as api } from '@claviger/api'
import { ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler } from '../../platform/http/handler.ts'
import type { Controls } from './controls.ts'
import { showNodes } from './nodes.view.ts'

export const controlRoutes = ({ controls, db, node }: { controls: Controls; db: Db; node: string }): RouteHandler[] => [
  on(api.nodes, async () => ok(await showNodes(db, node))),
  on(api.controls, async () => {
    const { node: name, controls: all, silences } = controls.now()
    return ok({
      controls: all.map(({ agoMs, ...control }) => ({ ...control, node: name, secondsAgo: Math.round(agoMs / 1000) })),
      silences: silences.filter((s) => s.until === null).map(({ control, since, cause }) => ({ control, node: name, since, cause })),
    })
  }),
]
