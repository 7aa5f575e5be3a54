import { fail, ok, type Result } from '../../kernel/result.ts'
import { connectPostgres } from '../../platform/postgres-client/index.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { clientOver, type PostgresClient } from './client.ts'
import { asTargetFailure, protocol } from './failures.ts'
import type { PostgresSettings } from './settings.ts'

/** What we want regardless of what the role or the database has set for itself. */
const sessionParameters = {
  application_name: 'claviger',
  client_encoding: 'UTF8',
  search_path: 'pg_catalog',
  // A password that is acknowledged must survive a crash of the target: the vault forgets the old one.
  synchronous_commit: 'on',
}

/**
 * Connects, lets the server prove the pinned identity, logs in, checks the cluster.
 * `patience`: milliseconds for all of that after the connection stands, and then for each statement.
 */
export async function logIn(
  settings: PostgresSettings,
  identity: PinnedIdentity,
  { account, credential }: Login,
  dial: Dial,
  patience: number,
): Promise<Result<PostgresClient, TargetFailure>> {
  if (credential.kind !== 'password') return protocol('PostgreSQL accounts have passwords')
  const { host, port, tls, ca, database } = settings
  const login = { role: account, password: credential.secret, database, parameters: sessionParameters }
  const connected = await connectPostgres(dial, { host, port, tls, ca, identity }, login, patience)
  if (!connected.ok) return fail(asTargetFailure(connected.error, account))
  const { socket } = connected.value
  const client = await clientOver(socket, patience, () => void socket.destroy())
  if (!client.ok) socket.destroy()
  return client.ok ? ok(client.value) : client
}
