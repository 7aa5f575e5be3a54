import { passwords as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import type { PasswordPolicyId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import type { Kinds } from '../inventory/index.ts'
import { addPasswordPolicy, type PasswordPolicyDeps } from './add-password-policy.ts'
import { changePasswordPolicy, type PasswordPolicyChange } from './change-password-policy.ts'
import { explainVault, type VaultError } from './errors.ts'
import { placeOf, showPolicies } from './password-policy.view.ts'
import { withCode } from './with-code.ts'

const refuse = (error: VaultError) => fail(explainVault(error))

export function passwordPolicyRoutes(deps: PasswordPolicyDeps & { db: Db; keeper: Keeper; kinds: Kinds }): RouteHandler[] {
  const { db, keeper, kinds } = deps
  const onePolicy = async (id: string) => {
    const all = await showPolicies(db, keeper)
    if (!all.ok) return refuse(all.error)
    const found = all.value.policies.find((p) => p.id === id)
    return found ? ok(found) : refuse({ code: 'vault.policy_unknown', policy: id })
  }
  return [
    on(api.passwordPolicies, async () => {
      const shown = await showPolicies(db, keeper)
      return shown.ok ? shown : refuse(shown.error)
    }),
    on(api.addPasswordPolicy, async (incoming) => {
      const { code, target, maxAgeDays, ...given } = incoming.body
      const by = withCode(signedIn(incoming), code)
      if (!by) return refuse({ code: 'vault.code_needed' })
      if (given.kind !== null && kinds.capabilities(given.kind).length === 0)
        return refuse({ code: 'vault.kind_unknown', kind: given.kind })
      const added = await addPasswordPolicy(deps, by, { ...given, target_id: target, max_age_days: maxAgeDays })
      return added.ok ? await onePolicy(added.value) : refuse(added.error)
    }),
    on(api.changePasswordPolicy, async (incoming) => {
      const { code, maxAgeDays, ...given } = incoming.body
      const by = withCode(signedIn(incoming), code)
      if (!by) return refuse({ code: 'vault.code_needed' })
      const wished = { ...given, max_age_days: maxAgeDays }
      const change = Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== undefined)) as PasswordPolicyChange
      const changed = await changePasswordPolicy(deps, by, incoming.params.id as PasswordPolicyId, change)
      return changed.ok ? await onePolicy(incoming.params.id) : refuse(changed.error)
    }),
    on(api.passwordRule, async ({ params }) => {
      const place = await placeOf(db, params.id)
      if (!place) return refuse({ code: 'vault.account_unknown', account: params.id })
      const target = kinds.open(place.kind, place.settings)
      const limits = target.ok ? target.value.passwordRules : undefined
      const rule = await keeper.ask('passwordRule', { account: params.id, ...(limits && { limits }) })
      if (!rule.ok) return refuse(rule.error)
      const all = await showPolicies(db, keeper)
      if (!all.ok) return refuse(all.error)
      const policies = all.value.policies.filter((p) => rule.value.policies.includes(p.id)).map(({ id, name }) => ({ id, name }))
      return ok({ ...rule.value, policies })
    }),
  ]
}
