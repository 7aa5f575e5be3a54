import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'

interface Part {
  type: string
  body: string | Buffer
}

let parts: ReadonlyMap<string, Part> | undefined

/** Read once, before a part gives up root: afterwards the folder of the packages may be closed to it. */
function readParts(): ReadonlyMap<string, Part> {
  const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const own = join(import.meta.dirname, 'docs')
  return new Map<string, Part>([
    ['', { type: 'text/html; charset=utf-8', body: readFileSync(join(own, 'page.html')) }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', body: readFileSync(join(own, 'page.js')) }],
    ['/page.css', { type: 'text/css; charset=utf-8', body: readFileSync(join(own, 'page.css')) }],
    ['/viewer.js', { type: 'text/javascript; charset=utf-8', body: readFileSync(join(viewer, 'swagger-ui-bundle.js')) }],
    ['/viewer.css', { type: 'text/css; charset=utf-8', body: readFileSync(join(viewer, 'swagger-ui.css')) }],
  ])
}

/** The API's documentation at `/api/docs`: the viewer and the document come from this server, and from nowhere else. */
export function serveDocs(app: FastifyInstance): void {
  parts ??= readParts()
  for (const [path, { type, body }] of parts)
    app.get(`/api/docs${path}`, { schema: { hide: true } }, async (_request, reply) =>
      reply.header('cache-control', 'no-cache').type(type).send(body),
    )
}
