import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { MysqlGreeting } from '../../protocols/mysql/index.ts'
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
  socket: Duplex
  greeting: MysqlGreeting
}

type Dial = (host: string, port: number) => Promise<Result<Socket, { code: string; detail: string }>>

/** Connects and asks for the certificate, or also logs in once it is the pinned one. `patience`: milliseconds after the connection stands. */
async function withTls<T>(
  dial: Dial,
  server: { host: string; port: number; ca?: string | undefined },
  patience: number,
  then: (secured: MysqlLogin & { certificate: string }) => Promise<Result<T, MysqlFailure>>,
): Promise<Result<{ value: T; socket: Duplex }, MysqlFailure>> {
  const dialled = await dial(server.host, server.port)
  if (!dialled.ok) return fail({ code: 'mysql.unreachable', detail: dialled.error.detail })
  let talk: Duplex = dialled.value
  dialled.value.on('error', () => {}) // each step notices by itself that the connection is gone
  let late = false
  const deadline = setTimeout(() => {
    late = true
    talk.destroy()
  }, patience)
  const secured = await secure(talk, server)
  if (secured.ok) talk = secured.value.socket
  const done = secured.ok ? await then(secured.value) : secured
  clearTimeout(deadline)
  if (done.ok) return ok({ value: done.value, socket: talk })
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
): Promise<Result<MysqlLogin, MysqlFailure>> {
  const connected = await withTls(dial, server, patience, async ({ socket, greeting, certificate }) => {
    if (certificate !== server.certificate) return impostor(server.certificate, certificate)
    const done = await authenticate(socket, greeting, login.user, login.password)
    return done.ok ? ok(greeting) : done
  })
  return connected.ok ? ok({ socket: connected.value.socket, greeting: connected.value.value }) : connected
}
