import type { Socket } from 'node:net'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { MysqlGreeting, SessionWish } from '../../protocols/mysql/index.ts'
import { authenticate } from './authenticate.ts'
import { impostor, type MysqlFailure } from './failures.ts'
import { secure } from './secure.ts'

/** Where the server is and what it must prove: the SHA-256 of its certificate, `SHA256:<hex>`. */
export interface MysqlServer {
  host: string
  port: number
  ca?: string | undefined
  certificate: string
}

/** A connection on which the login is done and nothing else has been said. */
export interface MysqlLogin {
  socket: Socket
  greeting: MysqlGreeting
  /** The flags with which the server let us in. */
  status: number
  /** The TCP connection below. Only `socket` may be destroyed. */
  line: Socket
}

type Dial = (host: string, port: number) => Promise<Result<Socket, { code: string; detail: string }>>

/** For a session of somebody else's: what it asks for, and who gives it up. */
export interface SessionOptions {
  wish?: SessionWish
  signal?: AbortSignal
}

/** Connects and asks for the certificate, or also logs in once it is the pinned one. `patience`: milliseconds after the connection stands. */
async function withTls<T>(
  dial: Dial,
  server: { host: string; port: number; ca?: string | undefined },
  patience: number,
  then: (secured: Pick<MysqlLogin, 'socket' | 'greeting'> & { certificate: string }) => Promise<Result<T, MysqlFailure>>,
  { wish, signal }: SessionOptions = {},
): Promise<Result<{ value: T; socket: Socket; line: Socket }, MysqlFailure>> {
  const dialled = await dial(server.host, server.port)
  if (!dialled.ok) return fail({ code: 'mysql.unreachable', detail: dialled.error.detail })
  const line = dialled.value
  let talk = line
  line.on('error', () => {}) // each step notices by itself that the connection is gone
  let late = false
  const hangUp = (): void => void talk.destroy()
  const deadline = setTimeout(() => {
    late = true
    hangUp()
  }, patience)
  signal?.addEventListener('abort', hangUp)
  if (signal?.aborted) hangUp()
  const secured = await secure(talk, server, wish)
  if (secured.ok) talk = secured.value.socket
  const done = secured.ok ? await then(secured.value) : secured
  clearTimeout(deadline)
  signal?.removeEventListener('abort', hangUp)
  if (done.ok) return ok({ value: done.value, socket: talk, line })
  talk.destroy()
  return late ? fail({ code: 'mysql.timeout', detail: 'the server did not answer in time' }) : done
}

/** What the server shows to somebody who has no name yet: its certificate, checked against the authority. */
export async function certificateOf(
  dial: Dial,
  server: { host: string; port: number; ca?: string | undefined },
  patience: number,
): Promise<Result<string, MysqlFailure>> {
  const asked = await withTls(dial, server, patience, async ({ certificate }) => ok(certificate))
  if (asked.ok) asked.value.socket.destroy()
  return asked.ok ? ok(asked.value.value) : asked
}

/** Connects, lets the server prove the pinned certificate, logs in. No name and no proof leaves before that. */
export async function connectMysql(
  dial: Dial,
  server: MysqlServer,
  login: { user: string; password: Secret },
  patience: number,
  session: SessionOptions = {},
): Promise<Result<MysqlLogin, MysqlFailure>> {
  const logIn = async ({ socket, greeting, certificate }: Pick<MysqlLogin, 'socket' | 'greeting'> & { certificate: string }) => {
    if (certificate !== server.certificate) return impostor(server.certificate, certificate)
    const done = await authenticate(socket, greeting, login.user, login.password, session.wish)
    return done.ok ? ok({ greeting, ...done.value }) : done
  }
  const connected = await withTls(dial, server, patience, logIn, session)
  if (!connected.ok) return connected
  const { socket, line, value } = connected.value
  return ok({ socket, line, ...value })
}
