import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { refusal } from '@claviger/api'
import type { FastifyInstance } from 'fastify'
import { failed } from './failed.ts'
import { isReadTicket } from './guard.ts'
import type { RouteHandler } from './handler.ts'
import type { HttpOptions } from './options.ts'
import { safetyHeaders } from './safety-headers.ts'

/*
 * What programs ask thousands of times a second with a read ticket is answered before the framework: its hooks cost more than the operation. Only the
 * plainest of requests goes this way: GET, no query, no cookie, no body, a read ticket as bearer. Whatever else comes, also to the same address, goes
 * through the framework, where the same operation is mounted; lean.test.ts holds both to one answer. A ticket is nobody's sign-in, so there
 * is nobody to authenticate here: the operation itself looks at it.
 */

const bearer = /^Bearer ([A-Za-z0-9_-]{20,200})$/
const headers = ['content-type', 'application/json; charset=utf-8', 'cache-control', 'no-store', ...Object.entries(safetyHeaders).flat()]

let count = 0

type Lean = Pick<HttpOptions, 'handlers' | 'closed' | 'log'>

/** Puts the lean operations before the framework's own listener. Call before it listens. */
export function answerLean(app: FastifyInstance, options: Lean): void {
  const lean = new Map(options.handlers.filter((handler) => handler.lean).map((handler) => [handler.route.path, handler]))
  if (lean.size === 0) return
  const server = app.server as Server
  const framework = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    // one that closes ends the connections of clients that ask on and on: the framework does
    const handler = request.url === undefined || !server.listening ? undefined : lean.get(request.url)
    const token = handler && ticketOf(request)
    if (handler && token !== undefined) void answer(handler, token, request, response, options)
    else for (const listener of framework) listener(request, response)
  })
}

function ticketOf({ method, headers: sent }: IncomingMessage): string | undefined {
  if (method !== 'GET' || sent.cookie !== undefined || sent['content-length'] !== undefined || sent['transfer-encoding'] !== undefined)
    return undefined
  const token = bearer.exec(sent.authorization ?? '')?.[1]
  return token !== undefined && isReadTicket(token) ? token : undefined
}

async function answer(
  handler: RouteHandler,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  options: Lean,
): Promise<void> {
  try {
    const { route } = handler
    const closed = await options.closed?.()
    if (closed) return send(response, closed.http, refusal.parse(closed.body))
    const result = await handler.run({
      ...{ params: undefined, query: {}, body: undefined, who: undefined, setupToken: undefined, hostToken: undefined, token },
      source: request.socket.remoteAddress ?? '',
      setCookie: () => undefined,
    })
    if (result.ok) send(response, 200, route.answer.parse(result.value))
    else send(response, result.error.http, refusal.parse(result.error.body))
  } catch (error) {
    const { status, body } = failed(options.log, error, `lean-${++count}`)
    send(response, status, body)
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, [...headers, 'content-length', String(Buffer.byteLength(text))])
  response.end(text)
}
