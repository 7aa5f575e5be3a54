import type { Keeper } from '../../../keeper/client.ts'
import type { PersonId } from '../../../kernel/id.ts'
import { ok, type Result } from '../../../kernel/result.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { IdentityError } from '../errors.ts'
import { listPasskeys } from './passkeys.view.ts'

export interface ShownPasskey {
  id: string
  label: string
  createdAt: string
  lastUsedAt: string | null
}

/** The passkeys of somebody. When each was last used only the keeper knows. */
export async function showPasskeys(
  { db, keeper }: { db: Db; keeper: Keeper },
  person: PersonId,
): Promise<Result<ShownPasskey[], IdentityError>> {
  const passkeys = await listPasskeys(db, person)
  const uses = await keeper.ask('factorUses', { person, factors: [], passkeys: passkeys.map((p) => p.id) })
  if (!uses.ok) return uses
  return ok(
    passkeys.map(({ createdAt, ...p }) => ({
      ...p,
      createdAt: createdAt.toISOString(),
      lastUsedAt: uses.value.passkeys.find((u) => u.passkey === p.id)?.usedAt ?? null,
    })),
  )
}
