import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

/** How people are called, and which factor or key an id is: for whoever reads ids in the ledger and may know people. */
export async function namesOfPeople(db: Db, ids: readonly string[]): Promise<[id: string, name: string][]> {
  const of = (prefix: string) => ids.filter((id) => id.startsWith(`${prefix}_`))
  const [people, factors, keys] = await Promise.all([
    some(of('per'), (given) => db.selectFrom('person').select(['id', 'display_name']).where('id', 'in', given).execute()),
    some(of('fac'), (given) => db.selectFrom('factor').select(['id', 'kind', 'created_at']).where('id', 'in', given).execute()),
    some(of('key'), (given) => db.selectFrom('ssh_key').select(['id', 'label', 'created_at']).where('id', 'in', given).execute()),
  ])
  return [
    ...people.map((p) => [p.id, p.display_name] as [string, string]),
    ...factors.map((f) => [f.id, `${kinds[f.kind] ?? f.kind}, enrolled ${f.created_at.toISOString()}`] as [string, string]),
    ...keys.map((k) => [k.id, `${k.label}, added ${k.created_at.toISOString()}`] as [string, string]),
  ]
}

const kinds: Record<string, string> = { totp: 'authenticator', password: 'password' }
const some = async <T>(ids: string[], read: (ids: string[]) => Promise<T[]>): Promise<T[]> => (ids.length === 0 ? [] : await read(ids))
