import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Authority } from '../../keeper/contract.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { CredentialKind } from '../../targets/contract.ts'
import type { Audit } from '../audit/index.ts'
import { discoverTarget, inOnePage } from './discover-target.ts'
import type { InventoryError } from './errors.ts'
import { targetAdded } from './events.ts'
import { findAccounts, rowOf } from './found-accounts.ts'
import { insertAccount, insertTarget, type TargetRow, targetNamed } from './inventory.store.ts'
import type { Kinds } from './kinds.ts'

export interface NewTarget {
  name: string
  kind: string
  environment: string
  tier: number
  scopes?: string[] | null
  settings: Record<string, string | number | boolean>
  identity: Record<string, string>
  login: { account: string; kind: CredentialKind; secret: string }
}

/**
 * Adds a target with the identity that an administrator compared and pinned. The login is tried and the target searched first:
 * only what proved itself is kept, and its privileged accounts are known from the first moment.
 */
export async function addTarget(
  deps: { audit: Audit; keeper: Keeper; kinds: Kinds; now?: () => Date },
  by: PersonId | null,
  authority: Authority,
  given: NewTarget,
): Promise<Result<TargetRow, InventoryError>> {
  const { audit, keeper, kinds } = deps
  const opened = kinds.open(given.kind, given.settings)
  if (!opened.ok) return opened
  const secret = Secret.fromText(given.login.secret)
  const login = { account: given.login.account, credential: { kind: given.login.kind, secret } }
  try {
    const works = await opened.value.verify(given.identity, login)
    if (!works.ok) return works
    const found = await findAccounts(opened.value, given.identity, login)
    if (!found.ok) return found
    const { login: _login, ...columns } = given
    const target: TargetRow = {
      id: newId('tgt'),
      ...columns,
      scopes: given.scopes ?? null,
      manager: given.login.account,
      reconciler: null,
      revision: 1,
    }
    const now = deps.now ?? (() => new Date())
    const all = found.value.map((f) => rowOf(f, target, now()))
    const manager = all.find((a) => a.name === given.login.account)
    if (!manager) return fail({ code: 'inventory.manager_not_privileged', account: given.login.account, found: all.map((a) => a.name) })
    // of thousands the one that manages the target, and some; the others are discovered with its credential at once
    const accounts = all.length > inOnePage ? [manager, ...all.filter((a) => a !== manager).slice(0, inOnePage - 1)] : all

    const added = await audit.act<TargetRow, InventoryError>(
      { act: 'inventory.add_target', by, about: { name: given.name } },
      async ({ tx, record }) => {
        if (await targetNamed(tx, given.name)) return fail({ code: 'inventory.name_taken', name: given.name })
        const attested = await attest(
          keeper,
          [
            { kind: 'target', revision: 1, row: { ...target } },
            ...accounts.map((row) => ({ kind: 'account' as const, revision: 1, row: { ...row } })),
          ],
          authority,
        )
        if (!attested.ok) return attested
        const { macOf, attestations } = attested.value
        await insertTarget(tx, target, macOf(target.id))
        for (const account of accounts) await insertAccount(tx, account, macOf(account.id))
        const { id, name, kind, tier, environment, identity, scopes } = target
        const { host, port } = opened.value.address
        await record(
          targetAdded({
            target: id,
            name,
            kind,
            tier,
            environment,
            scopes,
            identity,
            address: `${host}:${port}`,
            accounts: accounts.map((a) => a.name),
          }),
          attestations,
        )
        return ok(target)
      },
    )
    if (!added.ok) return added
    const stored = await keeper.ask('storeCredential', { account: manager.id, credential: given.login.kind, public: null }, secret.copy())
    if (!stored.ok) return stored
    // should it fail, the ledger says so, and whoever looks again finds them
    if (accounts.length < all.length) await discoverTarget({ audit, keeper, kinds, now }, by, target.id)
    return ok(target)
  } finally {
    secret.wipe()
  }
}
