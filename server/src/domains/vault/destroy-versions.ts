import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Authority } from '../../keeper/contract.ts'
import { destructionOf, isIn, rangesIn, withVersions } from '../../keeper/facts/destruction.ts'
import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import { lockAccount } from '../inventory/index.ts'
import type { VaultError } from './errors.ts'
import { versionsDestroyed } from './events.ts'
import { type Gone, lockDestruction, putDestruction } from './versions.store.ts'

export interface DestroyDeps {
  audit: Audit
  keeper: Keeper
}
export interface Destroyed {
  account: AccountId
  credential: CredentialKind
  versions: readonly number[]
  reason: string | null
}

/**
 * Destroys versions that were replaced, in two steps, each safe to repeat: an attested row and its entry say so, and from then on none of them opens;
 * then their data keys go, out of the database and the escrow. What a crash leaves between the two is done by `keepVersions`.
 */
export async function destroyVersions(
  { audit, keeper }: DestroyDeps,
  by: { person: PersonId; code: string } | null,
  { account, credential, versions, reason }: Destroyed,
): Promise<Result<{ shredded: boolean }, VaultError>> {
  const authority: Authority = by ? { by: 'stepUp', ...by } : { by: 'system' }
  const said = await audit.act<void, VaultError>(
    { act: 'vault.destroy_versions', by: by?.person ?? null, about: { account } },
    async ({ tx, record }) => {
      if (!(await lockAccount(tx, account))) return fail({ code: 'vault.account_unknown', account })
      const before = await lockDestruction(tx, account)
      const ranges = rangesIn(before && { gone: before.gone }, credential)
      const fresh = versions.filter((v) => !isIn(ranges, v)).sort((a, b) => a - b)
      if (fresh.length === 0) return fail({ code: 'vault.destroyed_already' })
      const gone = { ...before?.gone, [credential]: withVersions(ranges, fresh) } as Gone
      const row = { id: destructionOf(account), account_id: account, gone, revision: (before?.revision ?? 0) + 1 }
      const attested = await attest(keeper, [{ kind: 'destruction', revision: row.revision, row }], authority)
      if (!attested.ok) return attested
      await putDestruction(tx, row, attested.value.macOf(row.id))
      const event = versionsDestroyed({ account, credential, versions: fresh, by: by ? 'officer' : 'policy', reason })
      await record(event, attested.value.attestations)
      return ok(undefined)
    },
  )
  if (!said.ok) return said
  const done = await keeper.ask('shred', { accounts: [account] })
  return ok({ shredded: done.ok })
}
