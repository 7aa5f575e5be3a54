import { onboarding as api } from '@claviger/api'
import type { AccountId, ImportId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { beginImport } from './begin-import.ts'
import { explainOnboarding, type OnboardingError } from './errors.ts'
import { showLogins } from './evidence.view.ts'
import { type ImportDeps, importEntries } from './import-entries.ts'
import { lookAtImport } from './look-at-import.ts'
import { showImports } from './onboarding.view.ts'
import { rotateImported } from './rotate-imported.ts'

const refuse = (error: OnboardingError) => fail(explainOnboarding(error))

export function onboardingRoutes(deps: ImportDeps): RouteHandler[] {
  return [
    on(api.imports, async ({ query }) => ok(await showImports(deps.db, query))),
    on(api.accountLogins, async ({ params }) => {
      const shown = await showLogins(deps.db, params.id, deps.now())
      return shown ? ok(shown) : refuse({ code: 'onboarding.account_unknown', account: params.id })
    }),
    on(api.lookAtImport, async ({ body }) => {
      const looked = await lookAtImport(deps, body.entries)
      return looked.ok ? ok({ entries: looked.value }) : refuse(looked.error)
    }),
    on(api.beginImport, async (incoming) => {
      const begun = await beginImport(deps, signedIn(incoming).person, incoming.body)
      return begun.ok ? ok({ id: begun.value.id, openUntil: begun.value.openUntil.toISOString() }) : refuse(begun.error)
    }),
    on(api.importEntries, async (incoming) => {
      // a body of JSON is made of strings, which cannot be wiped: docs/security.md says so
      const brought = incoming.body.entries.map(({ account, credential, secret }) => ({
        ...{ account: account as AccountId, credential, secret: Secret.fromText(secret) },
      }))
      try {
        const tried = await importEntries(deps, signedIn(incoming).person, incoming.params.id as ImportId, brought)
        if (!tried.ok) return refuse(tried.error)
        return ok({ entries: tried.value.map(({ account, outcome, code }) => ({ account, outcome, code })) })
      } finally {
        for (const { secret } of brought) secret.wipe()
      }
    }),
    on(api.rotateImported, async (incoming) => {
      const wish = { id: incoming.params.id as ImportId, reason: incoming.body.reason }
      const ordered = await rotateImported(deps, signedIn(incoming).person, wish)
      return ordered.ok ? ok(ordered.value) : refuse(ordered.error)
    }),
  ]
}
