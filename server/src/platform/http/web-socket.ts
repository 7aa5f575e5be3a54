import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Explained } from '../../kernel/errors.ts'
import { guard, isReadTicket, samePage } from './guard.ts'
import type { RouteHandler, SignedIn } from './handler.ts'
import { cookieOf, type HttpOptions } from './options.ts'
import { webLine } from './web-line.ts'

/** Of one message; a handler may take less. */
const longestMessage = 256 * 1024
const pingMs = 20_000
/** So often it is looked whether who is at the other end is still signed in. */
const stillMs = 5_000
const mostOfPerson = 30
const mostAtAll = 1_000

const no = (http: Explained['http'], code: string, message: string): Explained => ({ http, body: { code, message } })
const unknown = no(404, 'http.unknown', 'There is no such operation. See /api/docs.')
const foreign = no(403, 'http.cross_site', 'This came from another page than the console, so it was not done. Open the console itself.')
const tooMany = no(429, 'http.too_many_sockets', 'Too many sessions are open in browsers. Close some, then try again.')

type Sockets = Pick<HttpOptions, 'handlers' | 'authenticate' | 'closed' | 'log'>
const words = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 429: 'Too Many Requests' } as Record<
  number,
  string
>

/** Whether a request asks for what is handled here; any other upgrade is answered as if it had asked for none. */
export const asksForWebSocket = (request: IncomingMessage): boolean => request.headers.upgrade?.toLowerCase() === 'websocket'

/**
 * Upgrades to WebSockets, of the console's own page alone: a browser sends its cookie along from any page, and reads what comes back from any
 * page, so the page's origin must be there and be ours. A bearer token opens nothing here.
 */
export function takeWebSockets(server: Server, options: Sockets): { close(): void } {
  const wss = new WebSocketServer({ noServer: true, maxPayload: longestMessage, perMessageDeflate: false })
  const handlers = options.handlers.filter((handler) => handler.upgraded)
  const perPerson = new Map<string, number>()
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    admit(request, handlers, options)
      .then((came) => {
        if ('http' in came) return refuse(socket, came)
        const open = perPerson.get(came.who.person) ?? 0
        if (open >= mostOfPerson || wss.clients.size >= mostAtAll) return refuse(socket, tooMany)
        perPerson.set(came.who.person, open + 1)
        socket.once('close', () => {
          const left = (perPerson.get(came.who.person) ?? 1) - 1
          if (left > 0) perPerson.set(came.who.person, left)
          else perPerson.delete(came.who.person)
        })
        wss.handleUpgrade(request, socket, head, (ws) => serve(ws, request, came, options))
      })
      .catch((error: unknown) => {
        options.log.error({ err: error }, 'a WebSocket could not be opened')
        refuse(socket, no(503, 'http.failed', 'That did not work, and it is not your fault. Try again.'))
      })
  })
  return {
    close() {
      for (const ws of wss.clients) ws.terminate()
    },
  }
}

interface Came {
  handler: RouteHandler
  params: unknown
  who: SignedIn
  token: string
}

async function admit(request: IncomingMessage, handlers: readonly RouteHandler[], options: Sockets): Promise<Came | Explained> {
  const path = (request.url ?? '').split('?', 1)[0] as string
  const found = handlers.map((handler) => ({ handler, params: paramsIn(handler.route.path, path) })).find((f) => f.params)
  if (!found) return unknown
  const { route } = found.handler
  if (!samePage(request.headers.origin, request.headers.host)) return foreign
  const closed = await options.closed?.()
  if (closed) return closed
  const token = cookieOf(request.headers.cookie)
  const known = token === undefined || isReadTicket(token) ? undefined : await options.authenticate(token, false)
  if (known && 'http' in known) return known
  const refused = guard(route, known, false)
  if (refused) return refused
  if (!known || token === undefined) return no(401, 'http.not_signed_in', 'Sign in first, on the sign-in page.')
  const params = route.params?.safeParse(found.params) ?? { success: true, data: undefined }
  if (!params.success) return no(400, 'http.malformed', 'Some of what was sent is malformed.')
  return { handler: found.handler, params: params.data, who: known, token }
}

/** `/api/grants/:id/session` against a path; undefined when it is another one. */
function paramsIn(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const parts = path.split('/')
  if (parts.length !== wanted.length || path.length > 512) return undefined
  const params: Record<string, string> = {}
  for (const [i, part] of wanted.entries())
    if (part.startsWith(':')) params[part.slice(1)] = parts[i] as string
    else if (part !== parts[i]) return undefined
  return params
}

function serve(ws: WebSocket, request: IncomingMessage, { handler, params, who, token }: Came, options: Sockets): void {
  const { remoteAddress = '', remotePort = 0 } = request.socket
  let heard = true
  let active = false
  ws.on('error', () => ws.terminate())
  ws.on('pong', () => {
    heard = true
  })
  const touched = () => {
    active = true
  }
  const pinging = setInterval(() => {
    if (!heard) return ws.terminate()
    heard = false
    ws.ping()
  }, pingMs)
  const looking = setInterval(() => {
    const background = !active
    active = false
    options.authenticate(token, background).then(
      (now) => {
        if (!now || 'http' in now || now.person !== who.person) ws.close(1008)
      },
      () => ws.close(1011),
    )
  }, stillMs)
  ws.once('close', () => {
    clearInterval(pinging)
    clearInterval(looking)
  })
  handler.upgraded?.({ params, who, line: webLine(ws, `${remoteAddress}:${remotePort}`, touched) })
}

function refuse(socket: Duplex, { http, body }: Explained): void {
  if (socket.destroyed) return
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${http} ${words[http] ?? 'Refused'}`,
    'content-type: application/json; charset=utf-8',
    'cache-control: no-store',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}
