import pg from 'pg'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { DbConnection } from './open-db.ts'
import { roleNames } from './provision.ts'
import { type ProcessRole, processRoles } from './role-passwords.ts'

interface FoundRole {
  name: string
  powers: boolean
  belongs: string | null
  mine: boolean
}
export interface RolePlan {
  connection(role: ProcessRole): DbConnection
  /** SCRAM verifiers: the passwords themselves never reach the server in a statement. */
  verifiers: Readonly<Record<ProcessRole, string>>
}

/**
 * Makes the three roles of our processes where they are missing, lets them in, and proves by a login that each has its password. A password
 * is set only when it does not work, so that nodes that start again disturb nobody. What we may not do is said as SQL for who may.
 */
export async function prepareRoles(owner: pg.Client, plan: RolePlan, log: (line: string) => void): Promise<Result<void, string>> {
  const me = (
    await owner.query<{ super: boolean; create: boolean; version: number; database: string }>(
      `select rolsuper as super, rolcreaterole as create, current_setting('server_version_num')::int as version, current_database() as database
       from pg_roles where rolname = current_user`,
    )
  ).rows[0] as { super: boolean; create: boolean; version: number; database: string }
  const { rows } = await owner.query<FoundRole>(
    `select rolname as name, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as powers,
       shobj_description(oid, 'pg_authid') as belongs,
       exists (select 1 from pg_auth_members m where m.roleid = r.oid and m.admin_option and pg_has_role(current_user, m.member, 'MEMBER')) as mine
     from pg_roles r where rolname = any($1)`,
    [processRoles.map((role) => roleNames[role])],
  )
  const mark = `Claviger, database ${me.database}`
  const missing: string[] = []
  const database = owner.escapeIdentifier(me.database)
  for (const role of processRoles) {
    const name = roleNames[role]
    const found = rows.find((r) => r.name === name)
    if (found?.powers)
      return fail(
        `The role ${name} has powers over the server. It must have none: alter role ${name} nosuperuser nocreaterole nocreatedb noreplication nobypassrls`,
      )
    if (found?.belongs?.startsWith('Claviger, database ') && found.belongs !== mark)
      return fail(
        `The role ${name} belongs to another Claviger on this PostgreSQL (${found.belongs}). Each needs a PostgreSQL server of its own, since roles are shared by all databases.`,
      )
    if (found) continue
    if (me.super || me.create) {
      await owner.query(`create role ${name} login password ${owner.escapeLiteral(plan.verifiers[role])}`)
      await owner.query(`comment on role ${name} is ${owner.escapeLiteral(mark)}`)
    } else missing.push(`create role ${name} login password '${plan.verifiers[role]}';`)
  }
  if (missing.length > 0) return fail(asSql('There are roles missing, and the role of DATABASE_URL may not make them', missing))
  await owner.query(`revoke all on database ${database} from public`)
  await owner.query('revoke create on schema public from public')
  await owner.query('grant usage on schema public to public')
  for (const role of processRoles) await owner.query(`grant connect on database ${database} to ${roleNames[role]}`)

  const closed: string[] = []
  for (const role of processRoles) {
    const name = roleNames[role]
    if ((await login(plan.connection(role))) === undefined) continue
    const statement = `alter role ${name} login password ${owner.escapeLiteral(plan.verifiers[role])}`
    const may = me.super || (me.create && (me.version < 160_000 || rows.find((r) => r.name === name)?.mine !== false))
    if (!may) {
      closed.push(`${statement};`)
      continue
    }
    await owner.query(statement)
    log(`the password of ${name} was set anew: servers that still run with another DATABASE_URL password must be started again`)
    const refused = await login(plan.connection(role))
    if (refused !== undefined)
      return fail(`${name} could not log in (${refused}). pg_hba.conf must let it in by scram-sha-256, on the way that DATABASE_URL takes.`)
  }
  if (closed.length > 0)
    return fail(asSql('Roles do not have the password that belongs to this server, and the role of DATABASE_URL may not set it', closed))
  return ok(undefined)
}

const asSql = (why: string, lines: readonly string[]): string =>
  `${why}. As the administrator of PostgreSQL:\n${lines.map((l) => `    ${l}`).join('\n')}`

/** Undefined when it works, else the server's words. */
async function login(connection: DbConnection): Promise<string | undefined> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return undefined
  } catch (error) {
    return (error as Error).message
  } finally {
    await client.end().catch(() => undefined)
  }
}
