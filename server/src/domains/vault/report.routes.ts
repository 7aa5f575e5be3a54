import { credentials as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import { fail } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler } from '../../platform/http/handler.ts'
import { explainVault } from './errors.ts'
import { showReport } from './report.view.ts'

export function reportRoutes({ db, keeper }: { db: Db; keeper: Keeper }): RouteHandler[] {
  return [
    on(api.credentialReport, async ({ query }) => {
      const shown = await showReport(db, keeper, query)
      return shown.ok ? shown : fail(explainVault(shown.error))
    }),
  ]
}
