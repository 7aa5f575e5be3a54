import { retention as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import type { RetentionClass } from '../../keeper/facts/retention.ts'
import { defaultOf } from '../../keeper/facts/retention-defaults.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { type ExpectedDeps, explainSession } from '../session/index.ts'
import { addClass, changeClass, type RetentionDeps } from './change-class.ts'
import { explainRetention, type RetentionError } from './errors.ts'
import { liftHold, placeHold } from './hold.ts'
import { readKeeping } from './read-keeping.ts'
import { closedAnchors, namesOfTargets, shownHolds } from './retention.view.ts'
import { sayAnchor } from './say-anchor.ts'
import { showKept } from './show-kept.ts'
import { storageReport } from './storage-report.ts'

const refuse = (error: RetentionError) => fail(explainRetention(error))
const mostHolds = 1_000

export function retentionRoutes(deps: RetentionDeps & ExpectedDeps & { recordings: string }): RouteHandler[] {
  const { db, keeper, now } = deps
  return [
    on(api.retention, () => showRetention(db, keeper)),
    on(api.addRetentionClass, async (incoming) => {
      const { code, ...given } = incoming.body
      if (code === undefined) return refuse({ code: 'retention.code_needed' })
      const added = await addClass(deps, { person: signedIn(incoming).person, code }, given)
      return added.ok ? ok(added.value as never) : refuse(added.error)
    }),
    on(api.changeRetentionClass, async (incoming) => {
      const { code, ...given } = incoming.body
      if (code === undefined) return refuse({ code: 'retention.code_needed' })
      const changed = await changeClass(deps, { person: signedIn(incoming).person, code }, incoming.params.id, given)
      return changed.ok ? ok(changed.value as never) : refuse(changed.error)
    }),
    on(api.sayRetentionAnchor, async (incoming) => {
      const { code, ...given } = incoming.body
      if (code === undefined) return refuse({ code: 'retention.code_needed' })
      const said = await sayAnchor(deps, { person: signedIn(incoming).person, code }, given)
      return said.ok ? ok({ ok: true as const }) : refuse(said.error)
    }),
    on(api.holds, async () => {
      const holds = await shownHolds(db, mostHolds)
      return ok({ holds: holds.map((h) => ({ ...h, placedAt: h.placedAt.toISOString(), liftedAt: h.liftedAt?.toISOString() ?? null })) })
    }),
    on(api.placeHold, async (incoming) => {
      const { code, ...given } = incoming.body
      if (code === undefined) return refuse({ code: 'retention.code_needed' })
      const placed = await placeHold(deps, { person: signedIn(incoming).person, code }, given)
      return placed.ok ? ok(placed.value) : refuse(placed.error)
    }),
    on(api.liftHold, async (incoming) => {
      const { code, reason } = incoming.body
      if (code === undefined) return refuse({ code: 'retention.code_needed' })
      const lifted = await liftHold(deps, { person: signedIn(incoming).person, code }, { id: incoming.params.id, reason })
      return lifted.ok ? ok({ ok: true as const }) : refuse(lifted.error)
    }),
    on(api.storage, async () => {
      const keeping = await readKeeping(keeper)
      return keeping.ok ? ok(await storageReport(db, keeping.value, deps.recordings, now())) : refuse(keeping.error)
    }),
    on(api.sessionKept, async (incoming) => {
      const kept = await showKept(deps, incoming.params.id)
      if (kept.ok) return ok(kept.value)
      return kept.error.code.startsWith('retention.') ? refuse(kept.error as RetentionError) : fail(explainSession(kept.error as never))
    }),
  ]
}

async function showRetention(db: Db, keeper: Keeper) {
  const keeping = await readKeeping(keeper)
  if (!keeping.ok) return refuse(keeping.error)
  const { classes, forged } = keeping.value
  const names = await namesOfTargets(
    db,
    classes.flatMap((c) => c.terms.at(-1)?.applies?.targets ?? []),
  )
  const anchors = await closedAnchors(db)
  return ok({
    classes: classes.map((c) => shownClass(c, names)).sort((a, b) => Number(a.source === null) - Number(b.source === null)),
    anchors: anchors.map((a) => ({ ...a, at: a.at.toISOString() })),
    forged,
  })
}

const shownClass = ({ id, name, anchor, terms, confirmed }: RetentionClass, names: ReadonlyMap<string, string>) => ({
  ...{ id, name, anchor, confirmed, terms: terms.map((t) => ({ ...t })) as never },
  source: defaultOf(id)?.source ?? null,
  targetNames: (terms.at(-1)?.applies?.targets ?? []).map((target) => names.get(target) ?? target),
})
