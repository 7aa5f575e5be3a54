import { type Dial, type FoundAccount, type Login, type PinnedIdentity, TargetError } from '../contract.ts'
import type { PostgresClient } from './client.ts'
import { statementFailure } from './failures.ts'
import { logIn } from './login.ts'
import type { PostgresSettings } from './settings.ts'

const patience = 60_000
const batch = 500

/** Predefined roles (PostgreSQL docs, "Predefined Roles") whose members reach files, programs, all data or other sessions. */
const powerful = [
  'pg_execute_server_program',
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_read_all_data',
  'pg_write_all_data',
  'pg_maintain',
  'pg_signal_backend',
  'pg_create_subscription',
]

interface Row {
  name: string
  can_log_in: boolean
  attributes: string[]
  member_of: string[]
  is_service: boolean
  has_password: boolean
  /** Nobody saw it. */
  assumed: boolean
}

/**
 * The roles with a privilege beyond their own objects: superuser, createrole, bypassrls, replication, or member, by
 * however many steps, of such a role or of a powerful predefined one. createdb alone makes nobody privileged; it is
 * named where there is more. Ordinary roles are left out. A role whose comment begins with `service:` is a service account.
 */
export async function* discover(settings: PostgresSettings, identity: PinnedIdentity, as: Login, dial: Dial): AsyncGenerator<FoundAccount> {
  const client = await logIn(settings, identity, as, dial, patience)
  if (!client.ok) throw new TargetError(client.error)
  try {
    for await (const row of readRoles(client.value)) yield toAccount(row)
  } catch (error) {
    throw error instanceof TargetError ? error : new TargetError(statementFailure(error))
  } finally {
    await client.value.close()
  }
}

function toAccount(row: Row): FoundAccount {
  return {
    name: row.name,
    category: row.is_service ? 'service' : 'database',
    privileges: [...row.attributes, ...row.member_of.map((role) => `member of ${role}`)],
    credentials: row.has_password ? ['password'] : [],
    ...(row.assumed && { assumed: true }),
    canLogIn: row.can_log_in,
  }
}

/** In batches, through a cursor: one consistent view of the cluster, and never all rows in memory. */
async function* readRoles(client: PostgresClient): AsyncGenerator<Row> {
  const [right] = await client.query<{ sees: boolean }>(`select has_column_privilege('pg_authid', 'rolpassword', 'select') as sees`)
  await client.query('begin transaction isolation level repeatable read, read only')
  await client.query(`declare found no scroll cursor for ${privilegedRoles(right?.sees === true)}`)
  for (;;) {
    const rows = await client.query<Row>(`fetch ${batch} from found`)
    yield* rows
    if (rows.length < batch) return
  }
}

/** Only a superuser sees who has a password; for others a role that can log in is taken to have one. */
const privilegedRoles = (seesPasswords: boolean): string => `
  with recursive
    membership (member, role) as (
      select member, roleid from pg_auth_members
      union
      select membership.member, up.roleid from membership join pg_auth_members up on up.member = membership.role
    ),
    described as (
      select r.oid, r.rolname, r.rolcanlogin,
        array_remove(array[
          case when r.rolsuper then 'superuser' end,
          case when r.rolcreaterole then 'createrole' end,
          case when r.rolbypassrls then 'bypassrls' end,
          case when r.rolreplication then 'replication' end
        ], null) as attributes,
        case when r.rolcreatedb then array['createdb'] else array[]::text[] end as besides,
        array(
          select up.rolname::text from membership join pg_roles up on up.oid = membership.role
          where membership.member = r.oid
            and (up.rolsuper or up.rolcreaterole or up.rolbypassrls or up.rolreplication or up.rolname in (${powerful.map((role) => `'${role}'`).join(', ')}))
          order by up.rolname
        ) as member_of
      from pg_roles r
      where r.rolname !~ '^pg_'
    )
  select rolname::text as name, rolcanlogin as can_log_in, attributes || besides as attributes, member_of,
    coalesce(shobj_description(oid, 'pg_authid') ilike 'service:%', false) as is_service,
    ${seesPasswords ? '(select a.rolpassword is not null from pg_authid a where a.oid = described.oid)' : 'rolcanlogin'} as has_password,
    ${seesPasswords ? 'false' : 'rolcanlogin'} as assumed
  from described
  where cardinality(attributes) + cardinality(member_of) > 0
  order by rolname`
