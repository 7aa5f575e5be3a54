import { inventory as api } from '@claviger/api'
import { authorityOf } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { addGiven } from './add-given.ts'
import { type ChangeTargetDeps, changeTarget, type TargetChange } from './change-target.ts'
import { discoverTarget } from './discover-target.ts'
import { explainInventory, type InventoryError } from './errors.ts'
import { scopesOf } from './inventory.store.ts'
import { showAccounts, showTargets } from './inventory.view.ts'
import { observeAccount } from './observe-account.ts'
import { showStanding } from './standing.view.ts'
import { allVersions, vaultVersions } from './vault-versions.ts'

const refuse = (error: InventoryError) => fail(explainInventory(error))
const codeNeeded = () => refuse({ code: 'inventory.code_needed' })

export function inventoryRoutes(deps: ChangeTargetDeps & { db: Db; keeper: Keeper; now: () => Date }): RouteHandler[] {
  const { db, keeper, kinds } = deps
  const versions = vaultVersions(db, keeper)
  const oneTarget = async (id: string) => (await showTargets(db, kinds.capabilities, { id, limit: 1 })).rows[0]

  return [
    on(api.targets, async ({ query }) => {
      const { rows, ...page } = await showTargets(db, kinds.capabilities, query)
      return ok({ targets: rows, ...page })
    }),
    on(api.targetKinds, async () => ok({ kinds: kinds.described() })),
    on(api.standing, async () => ok(await showStanding(db))),
    on(api.getTarget, async ({ params }) => {
      const target = await oneTarget(params.id)
      return target ? ok(target) : refuse({ code: 'inventory.target_unknown', target: params.id })
    }),
    on(api.identifyTarget, async ({ body }) => {
      const opened = kinds.open(body.kind, body.settings)
      if (!opened.ok) return refuse(opened.error)
      const identity = await opened.value.identify()
      return identity.ok ? ok({ identity: { ...identity.value } }) : refuse(identity.error)
    }),
    on(api.addTarget, async ({ body, who, setupToken }) => {
      const { code, scopes, ...rest } = body
      const given = { ...rest, scopes: scopesOf(scopes) }
      const authority = authorityOf(who, code, setupToken)
      if (!authority) return codeNeeded()
      const added = await addGiven(deps, who?.person ?? null, authority, given)
      if (!added.ok) return refuse(added.error)
      const shown = await oneTarget(added.value.id)
      return shown ? ok(shown) : refuse({ code: 'inventory.target_unknown', target: added.value.id })
    }),
    on(api.changeTarget, async (incoming) => {
      const { code, scopes, ...rest } = incoming.body
      const given = { ...rest, ...(scopes && { scopes: scopesOf(scopes) }) }
      const authority = authorityOf(incoming.who, code, undefined)
      if (!authority) return codeNeeded()
      const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as TargetChange
      const changed = await changeTarget(deps, signedIn(incoming).person, authority, incoming.params.id as TargetId, change)
      if (!changed.ok) return refuse(changed.error)
      const shown = await oneTarget(incoming.params.id)
      return shown
        ? ok({ target: shown, voided: changed.value.voided })
        : refuse({ code: 'inventory.target_unknown', target: incoming.params.id })
    }),
    on(api.discoverTarget, async ({ params, who }) => {
      const looked = await discoverTarget(deps, who?.person ?? null, params.id as TargetId)
      if (!looked.ok) return refuse(looked.error)
      const target = await oneTarget(params.id)
      const { rows } = await showAccounts(db, versions, { ...(target && { target: target.name }), limit: 500 })
      return ok({ ...looked.value, accounts: rows })
    }),
    on(api.accounts, async ({ query }) => {
      const { rows, ...page } = await showAccounts(db, versions, query)
      return ok({ accounts: rows, ...page })
    }),
    on(api.getAccount, async ({ params }) => {
      const [account] = (await showAccounts(db, versions, { id: params.id, limit: 1 })).rows
      return account ? ok(account) : refuse({ code: 'inventory.account_unknown', account: params.id })
    }),
    on(api.observeAccount, async (incoming) => {
      const { code, observe, reason } = incoming.body
      const authority = authorityOf(incoming.who, code, undefined)
      if (!authority) return codeNeeded()
      const account = incoming.params.id as AccountId
      const done = await observeAccount(deps, signedIn(incoming).person, authority, { account, observe, reason })
      return done.ok ? ok({ observed: observe }) : refuse(done.error)
    }),
    on(api.accountVersions, async ({ params }) => {
      const found = await allVersions(db, keeper, params.id)
      return found.ok ? ok({ versions: found.value }) : refuse(found.error)
    }),
  ]
}
