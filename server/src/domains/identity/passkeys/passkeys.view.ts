import type { PasskeyId, PersonId } from '../../../kernel/id.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import '../tables.ts'

export interface ListedPasskey {
  id: PasskeyId
  label: string
  createdAt: Date
}

/** Passkeys in use. For looking at: the keeper reads the attested rows itself. */
export async function listPasskeys(db: Db, person: PersonId): Promise<ListedPasskey[]> {
  const rows = await db
    .selectFrom('passkey')
    .select(['id', 'label', 'created_at'])
    .where('person_id', '=', person)
    .where('state', '=', 'active')
    .orderBy('created_at')
    .limit(20)
    .execute()
  return rows.map((p) => ({ id: p.id as PasskeyId, label: p.label, createdAt: p.created_at }))
}

/** What authenticators call the passkeys of somebody, so that one does not make a second. */
export async function credentialsOf(db: Db, person: PersonId, rpId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('passkey')
    .select('credential_id')
    .where('person_id', '=', person)
    .where('rp_id', '=', rpId)
    .where('state', '=', 'active')
    .limit(20)
    .execute()
  return rows.map((p) => p.credential_id)
}
