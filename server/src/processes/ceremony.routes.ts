import { seal as api } from '@claviger/api'
import type { Keeper } from '../keeper/client.ts'
import type { ArgsOf } from '../keeper/contract.ts'
import { explainKeeper } from '../keeper/explain-keeper.ts'
import { fail, ok } from '../kernel/result.ts'
import { Secret } from '../kernel/secret.ts'
import { on, type RouteHandler } from '../platform/http/handler.ts'
import { collectGarbage } from '../platform/process/garbage.ts'
import { sharesAsText } from './shares-as-text.ts'

const nobody = { code: 'ceremony.not_authorised', message: 'Sign in first: only members of administrators or security take part in this.' }

/** Key ceremonies. The keeper decides who takes part; codes and shares only pass through here. */
export function ceremonyRoutes({ keeper }: { keeper: Keeper }): RouteHandler[] {
  return [
    on(api.ceremonyBegin, async ({ body, who }) => {
      if (!who) return fail(explainKeeper(nobody))
      const plan = await planOf(keeper, body.plan)
      if (!plan) return fail(explainKeeper({ code: 'seal.closed', message: 'The seal is closed already.' }))
      const begun = await keeper.ask('ceremonyBegin', { plan, authority: { by: 'stepUp', person: who.person, code: body.code } })
      return begun.ok ? ok({ ticket: begun.value.ticket }) : fail(explainKeeper(begun.error))
    }),
    on(api.ceremonyConfirm, async ({ body, who }) => {
      if (!who) return fail(explainKeeper(nobody))
      const done = await keeper.ask('ceremonyConfirm', { authority: { by: 'stepUp', person: who.person, code: body.code } })
      return done.ok ? ok({ done: true as const }) : fail(explainKeeper(done.error))
    }),
    on(api.ceremonyShare, async ({ body, source }) => {
      const given = await keeper.ask('ceremonyShare', { source }, Secret.fromText(body.share))
      // the text came as a string, which nobody can wipe: at least its memory is soon another's
      setImmediate(collectGarbage)
      return given.ok ? ok(given.value) : fail(explainKeeper(given.error))
    }),
    on(api.ceremonyGo, async ({ body }) => {
      const went = await keeper.ask('ceremonyGo', body)
      if (!went.ok) return fail(explainKeeper(went.error))
      const { set, encrypted, payload } = went.value
      return ok({ done: set === null, set, shares: await sharesAsText(payload, encrypted) })
    }),
    on(api.ceremonyDrop, async ({ body, who }) => {
      if (!who) return fail(explainKeeper(nobody))
      const done = await keeper.ask('ceremonyDrop', { authority: { by: 'stepUp', person: who.person, code: body.code } })
      return done.ok ? ok({ done: true as const }) : fail(explainKeeper(done.error))
    }),
    on(api.keyProgress, async () => {
      const progress = await keeper.ask('keyProgress', {})
      return progress.ok ? ok({ busy: progress.value.busy, keys: progress.value.keys }) : fail(explainKeeper(progress.error))
    }),
  ]
}

type Plan = ArgsOf<'ceremonyBegin'>['plan']
type Replace = Extract<Plan, { goal: 'replace' }>
type Asked = ({ goal: 'replace'; to?: Replace['to'] | undefined } & Replace['wish']) | Extract<Plan, { goal: 'rotate' }>

/** Who names no seal keeps the kind that there is. */
async function planOf(keeper: Keeper, asked: Asked): Promise<Plan | undefined> {
  if (asked.goal === 'rotate') return asked
  const { shares, threshold, custodians } = asked
  const status = asked.to ? undefined : await keeper.ask('status', {})
  const to = asked.to ?? (status?.ok ? status.value.seal : undefined)
  return to && to !== 'none' ? { goal: 'replace', to, wish: { shares, threshold, ...(custodians && { custodians }) } } : undefined
}
