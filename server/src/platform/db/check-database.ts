import type pg from 'pg'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { preparedByNewer } from './migrate.ts'

/** The oldest PostgreSQL that our SQL runs on. */
export const oldestPostgres = 15

interface Found {
  version: number
  encoding: string
  standby: boolean
  create: boolean
  create_here: boolean
  mine: boolean | null
  migrated: boolean
  foreign: string | null
  database: string
  me: string
}

/** Looks whether this database can be ours before anything in it is changed. `known`: names of the migrations that we have. */
export async function checkDatabase(owner: pg.Client, known: readonly string[]): Promise<Result<void, string>> {
  const { rows } = await owner.query<Found>(`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby,
      has_database_privilege(current_database(), 'CREATE') as create, has_schema_privilege('public', 'CREATE') as create_here,
      (select pg_has_role(c.relowner, 'USAGE') from pg_class c where c.oid = to_regclass('public.migration')) as mine,
      to_regclass('public.migration') is not null and to_regclass('public.ledger_entry') is not null as migrated,
      (select min(c.relname) from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
         and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')) as foreign,
      current_database() as database, current_user as me`)
  const found = rows[0] as Found
  if (found.version < oldestPostgres * 10_000)
    return fail(`This is PostgreSQL ${Math.floor(found.version / 10_000)}; Claviger needs ${oldestPostgres} or newer.`)
  if (found.standby) return fail('This PostgreSQL is a standby, which takes no writes. Let DATABASE_URL name the primary.')
  if (found.encoding !== 'UTF8') return fail(`The database ${found.database} is encoded in ${found.encoding}. Make one in UTF8.`)
  if (found.mine === false)
    return fail(`The tables in ${found.database} belong to another role than ${found.me}. Let DATABASE_URL name the role that made them.`)
  if (!found.migrated && found.foreign !== null && found.foreign !== 'migration')
    return fail(
      `The database ${found.database} holds something else (table ${found.foreign}), so nothing was touched. Give Claviger a database of its own.`,
    )
  if (!found.create || !found.create_here)
    return fail(
      `${found.me} may not make tables in ${found.database}. As its administrator: alter database "${found.database}" owner to "${found.me}"`,
    )
  return found.migrated ? await notNewer(owner, known) : ok(undefined)
}

async function notNewer(owner: pg.Client, known: readonly string[]): Promise<Result<void, string>> {
  const { rows } = await owner.query<{ name: string }>('select name from public.migration order by name')
  const newer = preparedByNewer(
    rows.map((r) => r.name),
    known,
  )
  return newer === undefined ? ok(undefined) : fail(newer)
}
