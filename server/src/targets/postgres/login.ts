import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
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
  const { host, port, tls, ca, database } = settings
  const proof = proofOf(credential)
  if (!proof) return protocol('PostgreSQL accounts have passwords or certificates')
  const login = { role: account, database, parameters: sessionParameters, ...proof }
  const connected = await connectPostgres(dial, { host, port, tls, ca, identity }, login, patience)
  if (!connected.ok) return fail(asTargetFailure(connected.error, account, credential.kind === 'tls'))
  const { socket } = connected.value
  const client = await clientOver(socket, patience, () => void socket.destroy())
  if (!client.ok) socket.destroy()
  return client.ok ? ok(client.value) : client
}

function proofOf({ kind, secret }: Login['credential']): { password: Secret } | { certificate: Secret } | undefined {
  if (kind === 'tls') return { certificate: secret }
  return kind === 'password' ? { password: secret } : undefined
}
