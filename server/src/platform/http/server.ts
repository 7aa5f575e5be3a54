import { existsSync } from 'node:fs'
import cookie from '@fastify/cookie'
import files from '@fastify/static'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { serveDocs } from './docs.ts'
import { finishDocument, openapi } from './document.ts'
import { answerLean } from './lean.ts'
import { mount } from './mount.ts'
import type { HttpOptions } from './options.ts'
import { safetyHeaders } from './safety-headers.ts'
import { answerBadAddress, answerNoHttp } from './unreadable.ts'
import { asksForWebSocket, takeWebSockets } from './web-socket.ts'

const unknown = { code: 'http.unknown', message: 'There is no such operation. See /api/docs.' }

async function build(options: HttpOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    bodyLimit: 256 * 1024,
    requestTimeout: 60_000,
    http: { shouldUpgradeCallback: asksForWebSocket } as object,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: answerBadAddress,
    clientErrorHandler: answerNoHttp,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(cookie)
  await app.register(swagger, {
    openapi,
    transform: jsonSchemaTransform,
  })
  // a logger of its own for each request costs a tenth of a short one: what is logged names the request itself
  app.setChildLoggerFactory((logger) => logger)
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(safetyHeaders)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    done(null, payload)
  })
  await app.register(async (scope) => mount(scope, options))
  health(app, options)
  serveDocs(app)
  if (existsSync(options.console)) await serveConsole(app, options.console)
  else app.setNotFoundHandler(async (_request, reply) => reply.code(404).send(unknown))
  return app
}

/**
 * Loads whatever the web framework loads only when it is first needed. Called before a part gives up root: afterwards it may not
 * be able to read the folder that it was started from.
 */
export async function warmHttp(log: HttpOptions['log']): Promise<void> {
  const nothing: HttpOptions = {
    host: '127.0.0.1',
    port: 0,
    log,
    handlers: [],
    authenticate: async () => undefined,
    isSetupToken: async () => false,
    ready: async () => ({ ok: true, checks: {} }),
    metrics: async () => '',
    console: import.meta.dirname,
  }
  const app = await build(nothing)
  for (const url of ['/healthz', '/api/openapi.json', '/server.ts', '/api/nothing']) await app.inject(url)
  await app.close()
}

export async function openHttp(options: HttpOptions): Promise<{ port: number; close(): Promise<void> }> {
  const app = await build(options)
  answerLean(app, options)
  await app.ready()
  const sockets = takeWebSockets(app.server, options)
  await app.listen({ host: options.host, port: options.port })
  const address = app.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    close: async () => {
      sockets.close()
      await app.close()
    },
  }
}

function health(app: FastifyInstance, options: HttpOptions): void {
  const hidden = { schema: { hide: true } }
  app.get('/healthz', hidden, async () => ({ ok: true }))
  app.get('/readyz', hidden, async (_request, reply) => {
    const ready = await options.ready()
    return reply.code(ready.ok ? 200 : 503).send(ready)
  })
  app.get('/metrics', hidden, async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await options.metrics()))
  let finished: object | undefined
  const document = () => (finished ??= finishDocument(app.swagger()))
  app.get('/api/openapi.json', hidden, async () => document())
}

/** The console is one page: every path that is no file and no API is its own business. */
async function serveConsole(app: FastifyInstance, root: string): Promise<void> {
  await app.register(files, {
    root,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) =>
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method === 'GET' && !request.url.startsWith('/api/'))
      return reply.header('cache-control', 'no-cache').sendFile('index.html')
    return reply.code(404).send(unknown)
  })
}

export type { HttpOptions }
