import type { Duplex } from 'node:stream'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { authenticate } from './authenticate.ts'
import { clientOver, type PostgresClient } from './client.ts'
import { impostor, statementFailure, timeout } from './failures.ts'
import { type PostgresIdentity, readIdentity } from './identity.ts'
import { secure } from './secure.ts'
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
  pinned: PinnedIdentity,
  login: Login,
  dial: Dial,
  patience: number,
): Promise<Result<PostgresClient, TargetFailure>> {
  const identity = readIdentity(pinned, settings.tls)
  if (!identity) return impostor(`an identity pinned for tls: ${settings.tls}`, `one pinned by ${pinned.proof ?? 'nothing'}`)
  const dialled = await dial(settings.host, settings.port)
  if (!dialled.ok) return dialled
  const line = { socket: dialled.value as Duplex }
  line.socket.on('error', () => {}) // each step notices by itself that the connection is gone
  const hangUp = (): void => void line.socket.destroy()
  let late = false
  const deadline = setTimeout(() => {
    late = true
    hangUp()
  }, patience)
  const client = await logInOver(line, settings, identity, login, patience, hangUp)
  clearTimeout(deadline)
  if (client.ok) return client
  hangUp()
  return late ? timeout('the server did not answer in time') : client
}

/** The connection that is talked through now: secured, once it is, which alone may then be destroyed (see `secure`). */
interface Line {
  socket: Duplex
}

async function logInOver(
  line: Line,
  settings: PostgresSettings,
  identity: PostgresIdentity,
  login: Login,
  patience: number,
  hangUp: () => void,
): Promise<Result<PostgresClient, TargetFailure>> {
  const proven = await proveServer(line, settings, identity)
  if (!proven.ok) return proven
  const loggedIn = await authenticate(line.socket, settings.database, login, sessionParameters)
  if (!loggedIn.ok) return loggedIn
  const client = await clientOver(line.socket, patience, hangUp)
  if (!client.ok) return client
  const same = await isPinnedCluster(client.value, identity.systemIdentifier)
  if (same.ok) return client
  await client.value.close()
  return same
}

/** With TLS the certificate speaks before we do. Without, the login itself is the proof, and carries no password. */
async function proveServer(line: Line, settings: PostgresSettings, identity: PostgresIdentity): Promise<Result<void, TargetFailure>> {
  if (identity.proof === 'scram-server-signature') return ok(undefined)
  const secured = await secure(line.socket, settings)
  if (!secured.ok) return secured
  line.socket = secured.value.socket
  const { certificate } = secured.value
  return certificate === identity.certificate ? ok(undefined) : impostor(identity.certificate, certificate)
}

/** The cluster's own number: tells a copy or another cluster from ours where both know the same password. */
async function isPinnedCluster(client: PostgresClient, pinned: string | undefined): Promise<Result<void, TargetFailure>> {
  if (pinned === undefined) return ok(undefined)
  try {
    const [row] = await client.query<{ id: string }>('select system_identifier::text as id from pg_control_system()')
    return row?.id === pinned ? ok(undefined) : impostor(`cluster ${pinned}`, `cluster ${row?.id}`)
  } catch (error) {
    return fail(statementFailure(error))
  }
}
