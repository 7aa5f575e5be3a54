import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Route } from '@claviger/api'

export interface Heard {
  route: string
  body: unknown
  authorization: string | undefined
}

type Answer = { status?: number; body: unknown }
export type Answers = Partial<Record<string, (heard: Heard) => Answer | unknown>>

/** The operations that these modules of the contract export. */
export const routesOf = (...modules: object[]): Route[] =>
  modules
    .flatMap((module) => Object.values(module) as unknown[])
    .filter((value): value is Route => {
      return typeof value === 'object' && value !== null && 'path' in value && 'method' in value
    })

/**
 * A server that answers operations of the contract with what a test says, on a free loopback port, and remembers what it
 * heard. Bodies are parsed with the contract's own schemas, so that a client that speaks otherwise fails here.
 */
export async function standIn(routes: readonly Route[], answers: Answers) {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const route = routes.find((r) => r.method === request.method && matches(r.path, request.url ?? ''))
    const text = await bodyOf(request)
    const body = text === '' ? undefined : route?.body?.parse(JSON.parse(text))
    const one: Heard = { route: route?.id ?? String(request.url), body, authorization: request.headers.authorization }
    heard.push(one)
    const answer = answers[one.route]?.(one) as Answer | undefined
    const wrapped = answer && typeof answer === 'object' && 'body' in answer && 'status' in answer ? answer : { status: 200, body: answer }
    if (answer === undefined) Object.assign(wrapped, { status: 404, body: { code: 'test.unknown', message: `no answer for ${one.route}` } })
    const asText = typeof wrapped.body === 'string'
    response.writeHead(wrapped.status ?? 200, { 'content-type': asText ? 'text/plain' : 'application/json' })
    response.end(asText ? wrapped.body : JSON.stringify(wrapped.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { url, heard, [Symbol.asyncDispose]: close }
}

const matches = (path: string, url: string) => new RegExp(`^${path.replace(/:[a-zA-Z]+/g, '[^/]+')}(\\?|$)`).test(url)

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
