import type { MacOf } from '../../../keeper/attest-rows.ts'
import type { PasskeyId, PersonId } from '../../../kernel/id.ts'
import type { PasskeyAlgorithm } from '../../../platform/crypto/passkey-key.ts'
import type { Tx } from '../../../platform/db/open-db.ts'
import '../tables.ts'

export interface PasskeyRow {
  id: PasskeyId
  person_id: PersonId
  label: string
  credential_id: string
  algorithm: PasskeyAlgorithm
  public_key: string
  rp_id: string
  state: 'active' | 'removed'
}
export type StoredPasskey = PasskeyRow & { revision: number }

const columns = ['id', 'person_id', 'label', 'credential_id', 'algorithm', 'public_key', 'rp_id', 'state', 'revision'] as const

export async function credentialInUse(tx: Tx, credential: string): Promise<boolean> {
  const row = await tx
    .selectFrom('passkey')
    .select('id')
    .where('credential_id', '=', credential)
    .where('state', '=', 'active')
    .executeTakeFirst()
  return row !== undefined
}

export async function insertPasskey(tx: Tx, passkey: PasskeyRow, macOf: MacOf): Promise<void> {
  await tx
    .insertInto('passkey')
    .values({ ...passkey, revision: 1, mac: macOf(passkey.id) })
    .execute()
}

export async function lockPasskey(tx: Tx, id: PasskeyId): Promise<StoredPasskey | undefined> {
  const row = await tx.selectFrom('passkey').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
  return row as StoredPasskey | undefined
}

export async function lockPasskeysOf(tx: Tx, person: PersonId): Promise<StoredPasskey[]> {
  const rows = await tx
    .selectFrom('passkey')
    .select(columns)
    .where('person_id', '=', person)
    .where('state', '=', 'active')
    .forUpdate()
    .execute()
  return rows as StoredPasskey[]
}

export async function markPasskeyRemoved(tx: Tx, { id, revision }: StoredPasskey, macOf: MacOf): Promise<void> {
  await tx
    .updateTable('passkey')
    .set({ state: 'removed', revision: revision + 1, mac: macOf(id) })
    .where('id', '=', id)
    .execute()
}

/** The same row out of use, for the keeper. */
export const removedPasskey = ({ revision, ...row }: StoredPasskey) => ({
  kind: 'passkey' as const,
  revision: revision + 1,
  row: { ...row, state: 'removed' },
})
