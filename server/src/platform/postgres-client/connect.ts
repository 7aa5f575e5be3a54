import type { Socket } from 'node:net'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import { whyUnusable } from '../tls/index.ts'
import { authenticate, type Greeting, type PostgresLogin, type ProvenByTls } from './authenticate.ts'
import { impostor, type PostgresFailure, unusable } from './failures.ts'
import { type PostgresIdentity, readIdentity } from './identity.ts'
import { secure } from './secure.ts'
import { systemIdentifier } from './system-identifier.ts'

/** Where the server is, how it is spoken to, and what it must prove. `tls` and `ca` as the target kind's settings name them. */
export interface PostgresServer {
  host: string
  port: number
  tls: string
  ca?: string | undefined
  identity: { readonly [key: string]: string }
}

/** A connection on which the login is done and nothing else has been said. Only `socket` may be destroyed, not the one below it. */
export interface LoggedIn extends Greeting {
  socket: Socket
  /** The TCP connection below: the same one where there is no TLS. */
  line: Socket
}

/** The connection as far as it has come: TLS takes the place of what it began with. */
interface Talk {
  socket: Socket
  tls?: ProvenByTls
}

type Dial = (host: string, port: number) => Promise<Result<Socket, { code: string; detail: string }>>

/**
 * Connects, lets the server prove the pinned identity, logs in, and compares the cluster's own number where it is pinned.
 * `patience`: milliseconds for all of that after the connection stands. `signal` gives up.
 */
export async function connectPostgres(
  dial: Dial,
  server: PostgresServer,
  login: PostgresLogin,
  patience: number,
  signal?: AbortSignal,
): Promise<Result<LoggedIn, PostgresFailure>> {
  const identity = readIdentity(server.identity, server.tls)
  if (!identity) return impostor(`an identity pinned for tls: ${server.tls}`, `one pinned by ${server.identity.proof ?? 'nothing'}`)
  const why = 'certificate' in login && (await whyNotShown(login.certificate, identity))
  if (why) return unusable(why)
  const dialled = await dial(server.host, server.port)
  if (!dialled.ok) return fail({ code: 'postgres.unreachable', detail: dialled.error.detail })
  const line = dialled.value
  const talk: Talk = { socket: line }
  line.on('error', () => {}) // each step notices by itself that the connection is gone
  let late = false
  const hangUp = (): void => void talk.socket.destroy()
  const deadline = setTimeout(() => {
    late = true
    hangUp()
  }, patience)
  signal?.addEventListener('abort', hangUp)
  if (signal?.aborted) hangUp()
  const greeting = await logInOver(talk, server, identity, login)
  clearTimeout(deadline)
  signal?.removeEventListener('abort', hangUp)
  if (greeting.ok) return ok({ ...greeting.value, socket: talk.socket, line })
  hangUp()
  return late ? fail({ code: 'postgres.timeout', detail: 'the server did not answer in time' }) : greeting
}

async function logInOver(
  talk: Talk,
  server: PostgresServer,
  identity: PostgresIdentity,
  login: PostgresLogin,
): Promise<Result<Greeting, PostgresFailure>> {
  const proven = await proveServer(talk, server, identity, 'certificate' in login ? login.certificate : undefined)
  if (!proven.ok) return proven
  const greeting = await authenticate(talk.socket, login, talk.tls)
  if (!greeting.ok || identity.systemIdentifier === undefined) return greeting
  const cluster = await systemIdentifier(talk.socket)
  if (!cluster.ok) return cluster
  return cluster.value === identity.systemIdentifier
    ? greeting
    : impostor(`cluster ${identity.systemIdentifier}`, `cluster ${cluster.value}`)
}

/** A certificate that is over is not shown to anybody, and none without TLS; undefined when it may be. */
const whyNotShown = async (certificate: Secret, { proof }: PostgresIdentity): Promise<string | undefined> =>
  proof === 'tls-certificate'
    ? await whyUnusable(certificate, new Date())
    : 'it is shown under TLS alone, and this target is spoken to without'

/** With TLS the certificate speaks before we do. Without, the login itself is the proof, and carries no password. `own`: what we show it then. */
export async function proveServer(
  talk: Talk,
  server: PostgresServer,
  identity: PostgresIdentity,
  own?: Secret,
): Promise<Result<void, PostgresFailure>> {
  if (identity.proof === 'scram-server-signature') return ok(undefined)
  const secured = await secure(talk.socket, server, own && { pem: own, pinned: identity.certificate })
  if (!secured.ok) return secured
  const { certificate, endPoint, socket } = secured.value
  Object.assign(talk, { socket, tls: { endPoint } })
  return certificate === identity.certificate ? ok(undefined) : impostor(identity.certificate, certificate)
}
