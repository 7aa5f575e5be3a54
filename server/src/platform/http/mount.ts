import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { describeRoute, refusalsOf } from './document.ts'
import { failed } from './failed.ts'
import { forged, guard, isReadTicket } from './guard.ts'
import type { RouteHandler, SignedIn } from './handler.ts'
import { cookieName, type HttpOptions } from './options.ts'

/** Puts every operation of the contract on the server: guard, parse, act, answer. */
export function mount(
  app: FastifyInstance,
  options: Pick<HttpOptions, 'handlers' | 'authenticate' | 'isSetupToken' | 'host' | 'closed'>,
): void {
  app.setErrorHandler(answerError)
  for (const handler of options.handlers) {
    const { route } = handler
    app.route({
      method: route.method,
      url: route.path,
      ...(route.largest !== undefined && { bodyLimit: route.largest }),
      schema: {
        tags: [route.tag],
        summary: route.summary,
        description: describeRoute(route),
        operationId: route.id,
        ...(route.who !== 'anyone' && { security: [{ bearer: [] }, { cookie: [] }] }),
        ...(route.params && { params: route.params }),
        ...(route.query && { querystring: route.query }),
        ...(route.body && { body: route.body }),
        response: { ...(!handler.raw && { 200: route.answer }), ...refusalsOf(route) },
      },
      preValidation: async (request, reply) => admit(request, reply, handler, options),
      handler: async (request, reply) => act(request, reply, handler, options.host),
    })
  }
}

interface Caller {
  who: SignedIn | undefined
  token: string | undefined
  setupToken: string | undefined
  hostToken: string | undefined
}
const callers = new WeakMap<FastifyRequest, Caller>()

async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { route }: RouteHandler,
  options: Pick<HttpOptions, 'authenticate' | 'isSetupToken' | 'closed'>,
): Promise<FastifyReply | undefined> {
  const bearer = /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1]
  const fromCookie = request.cookies[cookieName]
  const cross = forged(
    route.method,
    bearer === undefined && fromCookie !== undefined,
    request.headers['x-claviger']?.toString(),
    request.headers.origin,
    request.headers.host,
  )
  if (cross) return reply.code(cross.http).send(cross.body)
  const closed = route.sealed ? undefined : await options.closed?.()
  if (closed) return reply.code(closed.http).send(closed.body)
  const token = bearer ?? fromCookie
  // while sealed nobody can be known; and a read ticket is nobody's sign-in
  const who =
    token === undefined || isReadTicket(token) || (route.sealed && route.who === 'anyone')
      ? undefined
      : await options.authenticate(token, request.headers['x-claviger-background'] === '1')
  const known = who && 'http' in who ? undefined : who
  // what is open to anyone is so for a browser that holds a sign-in of which nothing can be said now
  if (who && 'http' in who && route.who !== 'anyone') return reply.code(who.http).send(who.body)
  const setup = request.headers['x-claviger-setup']
  const given = typeof setup === 'string' && setup.length <= 128 ? setup : undefined
  const setupToken = route.setup && given !== undefined && (await options.isSetupToken(given)) ? given : undefined
  const host = request.headers['x-claviger-host']
  const hostToken = (route.host || route.sealed) && typeof host === 'string' && host.length <= 128 ? host : undefined
  const refused = guard(route, known, setupToken !== undefined || (route.host === true && hostToken !== undefined))
  if (refused) return reply.code(refused.http).send(refused.body)
  callers.set(request, { who: known, token, setupToken, hostToken })
  return undefined
}

async function act(request: FastifyRequest, reply: FastifyReply, handler: RouteHandler, host: string): Promise<FastifyReply> {
  const caller = callers.get(request)
  if (!caller) throw new Error('a request reached its operation without passing the guard')
  const result = await handler.run({
    params: request.params,
    query: request.query,
    body: request.body,
    ...caller,
    source: request.ip,
    setCookie: (token, expiresAt) => {
      const base = {
        path: '/',
        httpOnly: true,
        sameSite: 'strict' as const,
        secure: host !== '127.0.0.1' && host !== '::1' && host !== 'localhost',
      }
      if (token === undefined) reply.clearCookie(cookieName, base)
      else reply.setCookie(cookieName, token, { ...base, expires: expiresAt })
    },
  })
  if (!result.ok) return reply.code(result.error.http).send(result.error.body)
  if (!handler.raw) return reply.code(200).send(result.value)
  const raw = result.value as { type: string; body: unknown; fileName?: string }
  if (raw.fileName) reply.header('content-disposition', `attachment; filename="${raw.fileName}"`)
  return reply.code(200).type(raw.type).send(raw.body)
}

/** Malformed input is told field by field. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation
      .slice(0, 20)
      .map((v) => `${error.validationContext ?? 'input'}${v.instancePath.replaceAll('/', '.')}: ${v.message ?? 'malformed'}`.slice(0, 300))
    return reply.code(400).send({ code: 'http.malformed', message: 'Some of what was sent is malformed; see the issues.', issues })
  }
  if (error.statusCode === 413) return reply.code(413).send({ code: 'http.too_large', message: 'That is more than this operation takes.' })
  if (error.statusCode !== undefined && error.statusCode < 500)
    return reply
      .code(error.statusCode)
      .send({ code: 'http.malformed', message: 'The request could not be read. Send JSON with the content type application/json.' })
  const { status, body } = failed(request.log, error, request.id)
  return reply.code(status).send(body)
}
