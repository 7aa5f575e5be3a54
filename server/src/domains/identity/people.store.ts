import { sql } from 'kysely'
import type { MacOf } from '../../keeper/attest-rows.ts'
import type { PersonId, SshKeyId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { Group, Person } from './rules.ts'
import './tables.ts'

export interface StoredPerson extends Person {
  revision: number
}

const columns = ['p.id', 'p.name', 'p.display_name', 'p.groups', 'p.state', 'p.introduced_by', 'p.revision'] as const

function personFrom(row: {
  id: string
  name: string
  display_name: string
  groups: string[]
  state: string
  introduced_by: string | null
  revision: number
}): StoredPerson {
  const { id, name, display_name, groups, state, introduced_by, revision } = row
  return {
    id: id as PersonId,
    name,
    displayName: display_name,
    groups: groups as Group[],
    state: state as Person['state'],
    introducedBy: introduced_by as PersonId | null,
    revision,
  }
}

/** The columns of a person as the table and the keeper name them. */
export const personRow = (p: Person) => ({
  id: p.id,
  name: p.name,
  display_name: p.displayName,
  groups: [...p.groups],
  state: p.state,
  introduced_by: p.introducedBy,
})

/** Reads a person and holds the row, so that two changes of one person follow each other. */
export async function lockPerson(tx: Tx, id: PersonId): Promise<StoredPerson | undefined> {
  const row = await tx.selectFrom('person as p').select(columns).where('p.id', '=', id).forUpdate().executeTakeFirst()
  return row && personFrom(row)
}

export async function lockPersonByName(tx: Tx, name: string): Promise<StoredPerson | undefined> {
  const row = await tx.selectFrom('person as p').select(columns).where('p.name', '=', name).forUpdate().executeTakeFirst()
  return row && personFrom(row)
}

export async function savePerson(tx: Tx, person: Person, revision: number, macOf: MacOf): Promise<void> {
  const { id, ...row } = personRow(person)
  const sealed = { ...row, revision, mac: macOf(id) }
  await tx
    .insertInto('person')
    .values({ id, ...sealed })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(sealed))
    .execute()
}

export interface FactorRow {
  id: string
  person_id: string
  kind: 'password' | 'totp'
  verifier: string
  state: 'active'
}

export async function insertFactors(tx: Tx, factors: readonly FactorRow[], macOf: MacOf): Promise<void> {
  const rows = factors.map((factor) => ({ ...factor, revision: 1, mac: macOf(factor.id) }))
  await tx.insertInto('factor').values(rows).execute()
}

/** The factors of a person that are in use, and hold their rows. */
export async function lockFactors(tx: Tx, person: PersonId): Promise<(Omit<FactorRow, 'state'> & { state: string; revision: number })[]> {
  const rows = await tx
    .selectFrom('factor')
    .select(['id', 'person_id', 'kind', 'verifier', 'state', 'revision'])
    .where('person_id', '=', person)
    .where('state', '=', 'active')
    .forUpdate()
    .execute()
  return rows.map((f) => ({ ...f, kind: f.kind as FactorRow['kind'] }))
}

export async function markFactorReplaced(tx: Tx, id: string, revision: number, macOf: MacOf): Promise<void> {
  await tx
    .updateTable('factor')
    .set({ state: 'replaced', revision, mac: macOf(id) })
    .where('id', '=', id)
    .execute()
}

/** The active password of a person as the database says it: to be vouched for before it opens anything. */
export async function findPassword(
  tx: Tx,
  name: string,
): Promise<{ person: PersonId; factor: string | null; verifier: string | null } | undefined> {
  const row = await tx
    .selectFrom('person as p')
    .leftJoin('factor as f', (join) => join.onRef('f.person_id', '=', 'p.id').on('f.kind', '=', 'password').on('f.state', '=', 'active'))
    .select(['p.id', 'f.id as factor', 'f.verifier'])
    .where('p.name', '=', name)
    .executeTakeFirst()
  return row && { person: row.id as PersonId, factor: row.factor, verifier: row.verifier }
}

/** What the verifier of a person's active password begins with, as the database says it. */
export async function findOpening(tx: Tx, name: string): Promise<{ person: PersonId; opening: string | null } | undefined> {
  const row = await tx.selectFrom('password_opening').select(['person_id', 'opening']).where('name', '=', name).executeTakeFirst()
  return row && { person: row.person_id as PersonId, opening: row.opening }
}

export interface SshKeyRow {
  id: SshKeyId
  person_id: PersonId
  label: string
  algorithm: string
  /** `type base64`, without comment. */
  public_key: string
  fingerprint: string
  state: 'active' | 'removed'
}

/** Which key of whom this could be, as the database says it. */
export async function findKeyOf(tx: Tx, name: string, fingerprint: string): Promise<{ key: SshKeyId; person: PersonId } | undefined> {
  const row = await tx
    .selectFrom('ssh_key as k')
    .innerJoin('person as p', 'p.id', 'k.person_id')
    .select(['k.id as key', 'p.id as person'])
    .where('p.name', '=', name)
    .where('k.fingerprint', '=', fingerprint)
    .where('k.state', '=', 'active')
    .executeTakeFirst()
  return row as { key: SshKeyId; person: PersonId } | undefined
}

export async function fingerprintInUse(tx: Tx, fingerprint: string): Promise<boolean> {
  const row = await tx
    .selectFrom('ssh_key')
    .select('id')
    .where('fingerprint', '=', fingerprint)
    .where('state', '=', 'active')
    .executeTakeFirst()
  return row !== undefined
}

export async function insertSshKey(tx: Tx, key: SshKeyRow, macOf: MacOf): Promise<void> {
  await tx
    .insertInto('ssh_key')
    .values({ ...key, revision: 1, mac: macOf(key.id) })
    .execute()
}

export async function lockSshKey(tx: Tx, id: SshKeyId): Promise<(SshKeyRow & { revision: number }) | undefined> {
  const row = await tx
    .selectFrom('ssh_key')
    .select(['id', 'person_id', 'label', 'algorithm', 'public_key', 'fingerprint', 'state', 'revision'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row as (SshKeyRow & { revision: number }) | undefined
}

export async function lockSshKeysOf(tx: Tx, person: PersonId): Promise<(SshKeyRow & { revision: number })[]> {
  const rows = await tx
    .selectFrom('ssh_key')
    .select(['id', 'person_id', 'label', 'algorithm', 'public_key', 'fingerprint', 'state', 'revision'])
    .where('person_id', '=', person)
    .where('state', '=', 'active')
    .forUpdate()
    .execute()
  return rows as (SshKeyRow & { revision: number })[]
}

export async function markSshKeyRemoved(tx: Tx, id: SshKeyId, revision: number, macOf: MacOf): Promise<void> {
  await tx
    .updateTable('ssh_key')
    .set({ state: 'removed', revision, mac: macOf(id) })
    .where('id', '=', id)
    .execute()
}

/**
 * Whether anybody but these two could confirm a person: an administrator or officer, even one who is disabled or reset at present.
 * The keeper asks the same.
 */
export async function anotherCouldConfirm(tx: Tx, by: PersonId, but: PersonId): Promise<boolean> {
  const row = await tx
    .selectFrom('person')
    .select('id')
    .where('id', 'not in', [by, but])
    .where(sql<boolean>`(state <> 'invited' or exists (select from factor f where f.person_id = person.id))`)
    .where(sql<boolean>`groups && array['administrators', 'security']`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
