import { controls as api } from '@claviger/api'
import { ok } from '../../kernel/result.ts'
import { on, type RouteHandler } from '../../platform/http/handler.ts'
import type { Controls } from './controls.ts'

export const controlRoutes = ({ controls }: { controls: Controls }): RouteHandler[] => [
  on(api.controls, async () => {
    const { node, controls: all, silences } = controls.now()
    return ok({
      controls: all.map(({ agoMs, ...control }) => ({ ...control, node, secondsAgo: Math.round(agoMs / 1000) })),
      silences: silences.filter((s) => s.until === null).map(({ control, since, cause }) => ({ control, node, since, cause })),
    })
  }),
]
