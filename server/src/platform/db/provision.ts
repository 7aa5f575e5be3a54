import pg from 'pg'
import type { DbConnection } from './open-db.ts'

/** Our roles: who migrates and owns the tables, and one for each process, which owns nothing. */
export const roleNames = {
  owner: 'claviger_owner',
  server: 'claviger_server',
  gateway: 'claviger_gateway',
  keeper: 'claviger_keeper',
} as const
export type DbRole = keyof typeof roleNames

export const databaseName = 'claviger'

/** Makes roles and database where they are missing and sets the roles' passwords (as SCRAM verifiers: the clear ones never reach the server). Safe to repeat. */
export async function provisionDatabase(superuser: DbConnection, verifiers: Readonly<Record<DbRole, string>>): Promise<void> {
  await withClient(superuser, async (client) => {
    for (const [role, name] of Object.entries(roleNames) as [DbRole, string][]) {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name])
      await client.query(
        `${rowCount ? 'alter' : 'create'} role ${client.escapeIdentifier(name)} login nosuperuser nocreatedb nocreaterole password ${client.escapeLiteral(verifiers[role])}`,
      )
    }
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [databaseName])
    if (!rowCount) await client.query(`create database ${databaseName} owner ${roleNames.owner}`)
  })
  await withClient({ ...superuser, database: databaseName }, async (client) => {
    await client.query(`revoke all on database ${databaseName} from public`)
    for (const name of Object.values(roleNames))
      await client.query(`grant connect on database ${databaseName} to ${client.escapeIdentifier(name)}`)
    await client.query('revoke create on schema public from public')
    await client.query(`grant usage on schema public to public`)
    await client.query(`grant create, usage on schema public to ${roleNames.owner}`)
  })
}

async function withClient<T>(connection: DbConnection, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await fn(client)
  } finally {
    await client.end()
  }
}
