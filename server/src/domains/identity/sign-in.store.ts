import type { PersonId, SignInId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { SignInTimes } from './rules.ts'
import './tables.ts'

export async function insertChallenge(tx: Tx, tokenHash: Buffer, person: PersonId, expiresAt: Date): Promise<void> {
  await tx
    .insertInto('sign_in_challenge')
    .values({ token_hash: tokenHash, person_id: person, expires_at: expiresAt, used_at: null })
    .execute()
}

/** Whose challenge this is; undefined when it is unknown, expired or used. */
export async function findChallenge(tx: Tx, tokenHash: Buffer, now: Date): Promise<PersonId | undefined> {
  const row = await tx
    .selectFrom('sign_in_challenge')
    .select('person_id')
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row?.person_id as PersonId | undefined
}

/** True for exactly one caller. */
export async function useChallenge(tx: Tx, tokenHash: Buffer, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('sign_in_challenge')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

export interface StoredSignIn extends SignInTimes {
  id: SignInId
  person: PersonId
  kind: 'browser' | 'cli'
  /** Sealed; see sign-in-tokens.ts. */
  presence: string
  source: string
}

export async function insertSignIn(tx: Tx, tokenHash: Buffer, s: StoredSignIn): Promise<void> {
  await tx
    .insertInto('sign_in')
    .values({
      id: s.id,
      person_id: s.person,
      token_hash: tokenHash,
      kind: s.kind,
      presence: s.presence,
      source: s.source,
      created_at: s.createdAt,
      last_seen_at: s.lastSeenAt,
      expires_at: s.expiresAt,
      ended_at: null,
    })
    .execute()
}

/** A sign-in with the revision of its person, as the database says them. */
export async function findSignIn(tx: Tx, tokenHash: Buffer): Promise<(StoredSignIn & { personRevision: number }) | undefined> {
  const row = await tx
    .selectFrom('sign_in as s')
    .innerJoin('person as p', 'p.id', 's.person_id')
    .select([
      's.id',
      's.person_id',
      's.kind',
      's.presence',
      's.source',
      's.created_at',
      's.last_seen_at',
      's.expires_at',
      's.ended_at',
      'p.revision',
    ])
    .where('s.token_hash', '=', tokenHash)
    .executeTakeFirst()
  return (
    row && {
      id: row.id as SignInId,
      person: row.person_id as PersonId,
      kind: row.kind as 'browser' | 'cli',
      presence: row.presence,
      source: row.source,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      expiresAt: row.expires_at,
      endedAt: row.ended_at,
      personRevision: row.revision,
    }
  )
}

/** Notes that a sign-in was used. Never goes back, whichever of two requests comes last. */
export async function touchSignIn(tx: Tx, id: SignInId, now: Date): Promise<void> {
  await tx.updateTable('sign_in').set({ last_seen_at: now }).where('id', '=', id).where('last_seen_at', '<', now).execute()
}

/** True when it was running. */
export async function endSignIn(tx: Tx, id: SignInId, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('sign_in')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Ends the sign-ins of somebody that still run, but for one. Answers how many. */
export async function endSignInsOf(tx: Tx, person: PersonId, now: Date, but?: SignInId): Promise<number> {
  let ending = tx.updateTable('sign_in').set({ ended_at: now }).where('person_id', '=', person).where('ended_at', 'is', null)
  if (but !== undefined) ending = ending.where('id', '<>', but)
  return Number((await ending.executeTakeFirst()).numUpdatedRows)
}

/** True when it was this person's and running. */
export async function endOwnSignIn(tx: Tx, id: SignInId, person: PersonId, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('sign_in')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('person_id', '=', person)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
