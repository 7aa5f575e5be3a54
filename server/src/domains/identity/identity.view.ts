import { sql } from 'kysely'
import type { PersonId, SignInId, SshKeyId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Group, Person } from './rules.ts'
import './tables.ts'

export interface ShownSshKey {
  id: SshKeyId
  label: string
  fingerprint: string
  createdAt: Date
}

export async function listSshKeys(db: Db, person: PersonId): Promise<ShownSshKey[]> {
  const rows = await db
    .selectFrom('ssh_key as k')
    .select(['k.id', 'k.label', 'k.fingerprint', 'k.created_at'])
    .where('k.person_id', '=', person)
    .where('k.state', '=', 'active')
    .orderBy('k.created_at')
    .limit(1000)
    .execute()
  return rows.map((k) => ({ id: k.id as SshKeyId, label: k.label, fingerprint: k.fingerprint, createdAt: k.created_at }))
}

/** A person with the sign-in that they look from. */
export async function showMe(
  db: Db,
  signIn: SignInId,
): Promise<{ person: Person; lastSeenAt: Date; expiresAt: Date; passkeys: number } | undefined> {
  const row = await db
    .selectFrom('sign_in as s')
    .innerJoin('person as p', 'p.id', 's.person_id')
    .select(['p.id', 'p.name', 'p.display_name', 'p.groups', 'p.state', 'p.introduced_by', 's.last_seen_at', 's.expires_at'])
    .select(sql<number>`(select count(*)::int from passkey k where k.person_id = p.id and k.state = 'active')`.as('passkeys'))
    .where('s.id', '=', signIn)
    .executeTakeFirst()
  return (
    row && {
      person: {
        id: row.id as PersonId,
        name: row.name,
        displayName: row.display_name,
        groups: row.groups as Group[],
        state: row.state as Person['state'],
        introducedBy: row.introduced_by as PersonId | null,
      },
      lastSeenAt: row.last_seen_at,
      expiresAt: row.expires_at,
      passkeys: row.passkeys,
    }
  )
}
