import { type AnswerOf, activations as api } from '@claviger/api'
import { parseDuration } from '../../kernel/duration.ts'
import type { AccountId, ActivationId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { accountsNamed } from './activation.store.ts'
import { showActivations, showDrills } from './activation.view.ts'
import { approveActivation } from './approve-activation.ts'
import { askActivation } from './ask-activation.ts'
import { type EndActivationDeps, endActivation } from './end-activation.ts'
import { type BreakglassError, explainBreakglass } from './errors.ts'
import { giveShare } from './give-share.ts'
import { reviewActivation } from './review-activation.ts'
import type { DrillDeps } from './run-drill.ts'

const refuse = (error: BreakglassError) => fail(explainBreakglass(error))

export type ActivationDeps = EndActivationDeps & DrillDeps & { db: Db; drillDays: number }

export function activationRoutes(deps: ActivationDeps): RouteHandler[] {
  const { db, keeper, now, drillDays } = deps
  const shown = async (id: string) => {
    const [one] = await showActivations(db, id)
    return one ? ok(one) : refuse({ code: 'breakglass.activation_unknown', activation: id })
  }
  return [
    on(api.activations, async () => ok({ activations: await showActivations(db), drills: await showDrills(db, now(), drillDays) })),
    on(api.activate, async (incoming) => {
      const { code, kind, accounts: names, reason, duration } = incoming.body
      const accounts: AccountId[] = []
      for (const name of new Set(names)) {
        const [found] = await db.transaction().execute((tx) => accountsNamed(tx, name))
        if (!found) return refuse({ code: 'breakglass.account_unknown', account: name })
        accounts.push(found)
      }
      const by = { person: signedIn(incoming).person, code }
      const asked = await askActivation(deps, by, { kind, accounts, reason, seconds: parseDuration(duration) ?? 0 })
      return asked.ok ? await shown(asked.value.id) : refuse(asked.error)
    }),
    on(api.moveActivation, async (incoming) => {
      const { person, groups } = signedIn(incoming)
      const id = incoming.params.id as ActivationId
      const { body } = incoming
      const done =
        body.act === 'approve'
          ? await approveActivation(deps, { person, code: body.code }, id)
          : body.act === 'review'
            ? await reviewActivation(deps, { person, code: body.code }, id, body.review)
            : await endActivation(deps, { person, groups, ...(body.code !== undefined && { code: body.code }) }, id, body.why)
      return done.ok ? await shown(id) : refuse(done.error)
    }),
    on(api.activationDoor, async (incoming) => {
      const door = await keeper.ask('activationDoor', { activation: incoming.params.id })
      if (!door.ok) return refuse(door.error)
      const { statement, signature, custodians } = door.value
      return ok({ statement, signature, custodians, ...progressOf(door.value) })
    }),
    on(api.giveShare, async (incoming) => {
      const given = await giveShare(deps, incoming.params.id as ActivationId, incoming.body.sealed)
      return given.ok ? ok({ ...progressOf(given.value), custodian: given.value.custodian }) : refuse(given.error)
    }),
  ]
}

type Progress = Pick<AnswerOf<typeof api.giveShare>, 'given' | 'threshold' | 'opened' | 'forgottenIn'>

const progressOf = ({ given, threshold, opened, forgottenIn }: Progress): Progress => ({ given, threshold, opened, forgottenIn })
