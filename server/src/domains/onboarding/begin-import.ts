import type { Keeper } from '../../keeper/client.ts'
import type { ImportId, PersonId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import type { OnboardingError } from './errors.ts'
import { importBegun } from './events.ts'
import { insertImport } from './onboarding.store.ts'

const openMs = 3_600_000

/** With a fresh code, and for an hour: what follows comes in many batches, and a code is good once. */
export async function beginImport(
  { audit, keeper, now }: { audit: Audit; keeper: Keeper; now: () => Date },
  by: PersonId,
  { source, code }: { source: string; code: string },
): Promise<Result<{ id: ImportId; openUntil: Date }, OnboardingError>> {
  const spent = await keeper.ask('presence', { person: by, code, act: `import ${sha256(source).toString('hex')}` })
  if (!spent.ok) return spent
  return await audit.act<{ id: ImportId; openUntil: Date }, OnboardingError>(
    { act: 'onboarding.begin_import', by },
    async ({ tx, record }) => {
      const at = now()
      const row = { id: newId('imp'), source, begun_by: by, begun_at: at, open_until: new Date(at.getTime() + openMs) }
      await insertImport(tx, row)
      await record(importBegun({ import: row.id, source }))
      return ok({ id: row.id, openUntil: row.open_until })
    },
  )
}
