import { versions as api } from '@claviger/api'
import type { AccountId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { changeVersionPolicy } from './change-version-policy.ts'
import { type DestroyDeps, destroyVersions } from './destroy-versions.ts'
import { explainVault, type VaultError } from './errors.ts'
import { withCode } from './with-code.ts'

const refuse = (error: VaultError) => fail(explainVault(error))

export function versionRoutes(deps: DestroyDeps & { db: Db }): RouteHandler[] {
  const shown = async () => {
    const answer = await deps.keeper.ask('versionPolicy', {})
    return answer.ok ? ok(answer.value) : refuse(answer.error)
  }
  return [
    on(api.versionPolicy, shown),
    on(api.changeVersionPolicy, async (incoming) => {
      const { code, ...given } = incoming.body
      const by = withCode(signedIn(incoming), code)
      if (!by) return refuse({ code: 'vault.code_needed' })
      const changed = await changeVersionPolicy(deps, by, given)
      return changed.ok ? await shown() : refuse(changed.error)
    }),
    on(api.destroyVersions, async (incoming) => {
      const { code, credential, versions, reason } = incoming.body
      const by = withCode(signedIn(incoming), code)
      if (!by) return refuse({ code: 'vault.code_needed' })
      const what = { account: incoming.params.id as AccountId, credential, versions: [...new Set(versions)], reason }
      const done = await destroyVersions(deps, by, what)
      return done.ok ? ok({ credential, versions: what.versions, shredded: done.value.shredded }) : refuse(done.error)
    }),
  ]
}
