import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { newSalt, scramVerifier } from '../../server/src/protocols/scram/index.ts'
import type { InitialAccount } from './credentials.ts'

/** Rights and comments of each role beside its name. */
const roles: Readonly<Record<string, { rights: string; comment: string }>> = {
  app_admin: { rights: 'createrole', comment: 'owns the shop and its roles' },
  orders_service: { rights: 'bypassrls', comment: 'service: order worker' },
  reporting: { rights: '', comment: 'reads for the monthly report' },
}

interface Connection {
  host: string
  port: number
  user: string
}

/**
 * Makes roles, database and rows, from the beginning each time: a lab that was killed while it was being made is made again.
 * Passwords go in as SCRAM verifiers. Answers the cluster's own number.
 */
export async function seed(connection: Connection, accounts: readonly InitialAccount[]): Promise<string> {
  const password = accounts.find((account) => account.name === connection.user)?.password
  const systemIdentifier = await connected({ ...connection, password, database: 'postgres' }, async (client) => {
    await client.query('drop database if exists orders with (force)')
    for (const { name, password } of accounts) {
      const role = roles[name]
      if (!role) continue // the superuser is there already
      const verifier = await scramVerifier(Buffer.from(password), newSalt())
      if (!verifier.ok) throw new Error(verifier.error.code)
      await client.query(`drop role if exists ${name}`)
      await client.query(`create role ${name} login ${role.rights} password ${pg.escapeLiteral(verifier.value)}`)
      await client.query(`comment on role ${name} is ${pg.escapeLiteral(role.comment)}`)
    }
    await client.query('create database orders owner app_admin')
    await client.query(`comment on database orders is 'Lab of Claviger: SCRAM without TLS, on loopback only.'`)
    const { rows } = await client.query<{ id: string }>('select system_identifier::text as id from pg_control_system()')
    return rows[0]?.id ?? ''
  })
  const sql = await readFile(new URL('seed.sql', import.meta.url), 'utf8')
  await connected({ ...connection, password, database: 'orders' }, async (client) => {
    await client.query(`begin; set local role app_admin; ${sql}; commit`)
    await client.query('analyze')
  })
  return systemIdentifier
}

async function connected<T>(
  config: pg.ClientConfig & { password: string | undefined },
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(config)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
