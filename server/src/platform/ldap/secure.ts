import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { readStartTlsAnswer, startTlsRequest } from '../../protocols/ldap/index.ts'
import { type SecuredSocket, secureSocket } from '../tls/index.ts'
import { impostor, type LdapFailure, timeout } from './failures.ts'

/** Where a directory is and how it is spoken to, as the settings of its kind name it. There is no way without TLS. */
export interface LdapServer {
  host: string
  port: number
  tls: 'ldaps' | 'starttls'
  /** PEM; without it the system's authorities. */
  ca?: string | undefined
  /** The name in its certificate where that is not `host`. */
  serverName?: string | undefined
}

export type Dial = (host: string, port: number) => Promise<Result<Socket, { code: string; detail: string }>>

const wanted = 'TLS with a certificate for this host from a trusted authority'

/** Connects and lets the server prove its certificate. Nothing but the request for TLS has been sent. `patience`: milliseconds. */
export async function dialSecured(dial: Dial, server: LdapServer, patience: number): Promise<Result<SecuredSocket, LdapFailure>> {
  const dialled = await dial(server.host, server.port)
  if (!dialled.ok) return fail({ code: 'ldap.unreachable', detail: dialled.error.detail })
  const line = dialled.value
  line.on('error', () => {}) // each step notices by itself that the connection is gone
  let late = false
  const deadline = setTimeout(() => {
    late = true
    line.destroy(new Error('too slow')) // TLS hears of it as an error of its own
  }, patience)
  const secured = await secure(line, server)
  clearTimeout(deadline)
  if (!secured.ok) line.destroy()
  return late ? timeout() : secured
}

async function secure(line: Socket, server: LdapServer): Promise<Result<SecuredSocket, LdapFailure>> {
  if (server.tls === 'starttls') {
    const started = await startTls(line)
    if (!started.ok) return started
  }
  const secured = await secureSocket(line, { host: server.serverName ?? server.host, ca: server.ca })
  return secured.ok ? secured : impostor(wanted, secured.error.detail)
}

/** RFC 4511 section 4.14. Whatever came behind the yes was said in clear text, and must not be taken for something said under TLS. */
async function startTls(line: Socket): Promise<Result<void, LdapFailure>> {
  line.write(startTlsRequest)
  let heard: Uint8Array = Buffer.alloc(0)
  for (;;) {
    const more = await nextBytes(line)
    if (!more) return impostor(wanted, 'a closed connection')
    heard = Buffer.concat([heard, more])
    const answer = readStartTlsAnswer(heard)
    if ('needMore' in answer) continue
    if ('bad' in answer) return impostor(wanted, answer.bad)
    if (answer.resultCode !== 0) return impostor(wanted, `no TLS: it refuses StartTLS (${answer.resultCode})`)
    if (answer.rest.length > 0 || line.readableLength > 0) return impostor(wanted, 'clear text behind its answer')
    return ok(undefined)
  }
}

async function nextBytes(line: Duplex): Promise<Buffer | undefined> {
  for (;;) {
    const bytes = line.read() as Buffer | null
    if (bytes) return bytes
    if (line.destroyed || line.readableEnded) return undefined
    await new Promise<void>((resolve) => {
      const go = (): void => {
        for (const event of ['readable', 'end', 'close', 'error']) line.off(event, go)
        resolve()
      }
      for (const event of ['readable', 'end', 'close', 'error']) line.once(event, go)
    })
  }
}

/** What the server shows to somebody who has no password: its certificate, checked against the authority. What is pinned. */
export async function identifyLdap(dial: Dial, server: LdapServer, patience: number): Promise<Result<string, LdapFailure>> {
  const secured = await dialSecured(dial, server, patience)
  if (!secured.ok) return secured
  secured.value.socket.destroy()
  return ok(secured.value.certificate)
}
