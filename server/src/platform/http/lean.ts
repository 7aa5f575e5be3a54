import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { refusal } from '@claviger/api'
import type { FastifyInstance } from 'fastify'
import { failed } from './failed.ts'
import { isReadTicket } from './guard.ts'
import type { RouteHandler } from './handler.ts'
import type { HttpOptions } from './options.ts'
import { PlainConnection, type PlainDeps } from './plain-connection.ts'
import { safetyHeaders } from './safety-headers.ts'

/*
 * What programs ask thousands of times a second with a read ticket is answered before the framework: its hooks cost more than the operation. Only the
 * plainest of requests goes this way: GET, no query, no cookie, no body, a read ticket as bearer. Whatever else comes, also to the same address, goes
 * through the framework, where the same operation is mounted; lean.test.ts holds all ways to one answer. A ticket is nobody's sign-in, so there
 * is nobody to authenticate here: the operation itself looks at it.
 *
 * A connection that brings nothing else is not even read by node:http (plain-connection.ts). One that began with something else is, and stays so.
 */

const bearer = /^Bearer ([A-Za-z0-9_-]{20,200})$/
const headers = ['content-type', 'application/json; charset=utf-8', 'cache-control', 'no-store', ...Object.entries(safetyHeaders).flat()]
const headerText = headers.map((one, at) => one + (at % 2 === 0 ? ': ' : '\r\n')).join('')
/** How often idle connections are looked for. */
const sweepMs = 1_000

let count = 0

type Lean = Pick<HttpOptions, 'handlers' | 'closed' | 'log'>

/** Puts the lean operations before the framework's own listeners. Call before it is ready. */
export function answerLean(app: FastifyInstance, options: Lean): void {
  const lean = new Map(options.handlers.filter((handler) => handler.lean).map((handler) => [handler.route.path, handler]))
  if (lean.size === 0) return
  const server = app.server as Server
  beforeFramework(server, lean, options)
  beforeNodeHttp(app, server, lean, options)
}

function beforeFramework(server: Server, lean: ReadonlyMap<string, RouteHandler>, options: Lean): void {
  const framework = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    // one that closes ends the connections of clients that ask on and on: the framework does
    const handler = request.url === undefined || !server.listening ? undefined : lean.get(request.url)
    const token = handler && ticketOf(request)
    if (handler && token !== undefined)
      void answer(handler, token, request.socket.remoteAddress ?? '', options).then(({ status, text }) => {
        response.writeHead(status, [...headers, 'content-length', String(Buffer.byteLength(text))])
        response.end(text)
      })
    else for (const listener of framework) listener(request, response)
  })
}

function beforeNodeHttp(app: FastifyInstance, server: Server, lean: ReadonlyMap<string, RouteHandler>, options: Lean): void {
  const nodeHttp = server.listeners('connection') as ((socket: Socket) => void)[]
  const handOver = (socket: Socket): void => {
    for (const listener of nodeHttp) listener.call(server, socket)
  }
  const ours = new Set<PlainConnection>()
  let closing = false
  const deps: PlainDeps = {
    answer({ path, token }, source, done) {
      const handler = !closing && isReadTicket(token) ? lean.get(path) : undefined
      if (!handler) return false
      void answer(handler, token, source, options).then(({ status, text }) => done(status, text))
      return true
    },
    head: (status, bytes) =>
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headerText}content-length: ${bytes}\r\nDate: ${date()}\r\n${
        closing ? 'Connection: close' : `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(server.keepAliveTimeout / 1000)}`
      }\r\n\r\n`,
    handOver,
    closing: () => closing,
    gone: (connection) => void ours.delete(connection),
  }
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    if (closing) handOver(socket)
    else ours.add(new PlainConnection(socket, deps))
  })
  const sweep = setInterval(() => {
    for (const connection of ours) connection.endIdle(performance.now(), server.headersTimeout, server.keepAliveTimeout)
  }, sweepMs)
  sweep.unref()
  // `close` waits for each connection
  app.addHook('preClose', async () => {
    clearInterval(sweep)
    closing = true
    for (const connection of ours) connection.endIdle()
  })
}

let second = 0
let text = ''
/** It changes once a second, and is made as often. */
function date(): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) text = new Date(now * 1000).toUTCString()
  second = now
  return text
}

function ticketOf({ method, headers: sent }: IncomingMessage): string | undefined {
  if (method !== 'GET' || sent.cookie !== undefined || sent['content-length'] !== undefined || sent['transfer-encoding'] !== undefined)
    return undefined
  const token = bearer.exec(sent.authorization ?? '')?.[1]
  return token !== undefined && isReadTicket(token) ? token : undefined
}

interface Answer {
  status: number
  text: string
}
/** Where an operation answers several with one and the same thing, that is checked and written down once. Kept no longer than the thing itself. */
const written = new WeakMap<object, Answer>()

async function answer(handler: RouteHandler, token: string, source: string, options: Lean): Promise<Answer> {
  try {
    const { route } = handler
    const closed = await options.closed?.()
    if (closed) return { status: closed.http, text: JSON.stringify(refusal.parse(closed.body)) }
    const result = await handler.run({
      ...{ params: undefined, query: {}, body: undefined, who: undefined, setupToken: undefined, hostToken: undefined, token, source },
      setCookie: () => undefined,
    })
    if (result.ok) {
      const answer = written.get(result) ?? { status: 200, text: JSON.stringify(route.answer.parse(result.value)) }
      written.set(result, answer)
      return answer
    }
    return { status: result.error.http, text: JSON.stringify(refusal.parse(result.error.body)) }
  } catch (error) {
    const { status, body } = failed(options.log, error, `lean-${++count}`)
    return { status, text: JSON.stringify(body) }
  }
}
