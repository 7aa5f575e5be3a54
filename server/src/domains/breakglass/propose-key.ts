import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import { insertKey, type KeyRow, lockKeyThatIs } from './breakglass.store.ts'
import type { BreakglassError } from './errors.ts'
import { keyProposed } from './events.ts'

export interface KeyDeps {
  audit: Audit
  keeper: Keeper
}

/** An administrator brings the public half of a key that was made and split elsewhere. It counts once an officer confirmed it. */
export async function proposeKey(
  { audit, keeper }: KeyDeps,
  by: { person: PersonId; code: string },
  key: Pick<KeyRow, 'recipient' | 'threshold' | 'custodians'>,
): Promise<Result<KeyRow, BreakglassError>> {
  return await audit.act<KeyRow, BreakglassError>({ act: 'breakglass.propose_key', by: by.person }, async ({ tx, record }) => {
    if (await lockKeyThatIs(tx, 'proposed')) return fail({ code: 'breakglass.key_waits' })
    const row: KeyRow = { id: newId('bgk'), ...key, state: 'proposed', introduced_by: by.person, revision: 1 }
    const attested = await attest(keeper, [{ kind: 'breakglass_key', revision: 1, row: { ...row } }], { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    await insertKey(tx, row, attested.value.macOf(row.id))
    const custodians = row.custodians.map(({ name, key }) => ({ name, key }))
    await record(keyProposed({ key: row.id, recipient: row.recipient, threshold: row.threshold, custodians }), attested.value.attestations)
    return ok(row)
  })
}
