import type { z } from 'zod'
import type { Route } from './route.ts'
import { type RefusalBody, refusal } from './values.ts'

/** How a client reaches the server: `base` such as http://localhost:8200, and whatever proves who it is. */
export interface Transport {
  base: string
  headers?: Record<string, string>
  fetch?: typeof fetch
}

export type Call<R> = { ok: true; value: R } | { ok: false; status: number; refusal: RefusalBody }

type In<T> = T extends z.ZodType ? z.input<T> : never
interface Arguments<P, Q, B> {
  params?: P
  query?: Q
  body?: B
}

/** Calls one operation and parses its answer with the same schema as the server. Network failure throws. */
export async function call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  to: Transport,
  route: Route<P, Q, B, A>,
  args: Arguments<In<P>, In<Q>, In<B>> = {},
): Promise<Call<z.output<A>>> {
  const response = await request(to, route, args)
  const text = await response.text()
  // lines of JSON are text
  const isJson = isJsonAnswer(response)
  if (response.ok) return { ok: true, value: route.answer.parse(isJson ? JSON.parse(text) : text) as z.output<A> }
  return refused(response, text)
}

const isJsonAnswer = (response: Response): boolean => /^application\/json(;|$)/.test(response.headers.get('content-type') ?? '')

export function refused(response: Response, text: string): { ok: false; status: number; refusal: RefusalBody } {
  const parsed = isJsonAnswer(response) ? refusal.safeParse(JSON.parse(text)) : undefined
  return {
    ok: false,
    status: response.status,
    refusal: parsed?.success
      ? parsed.data
      : { code: 'http.unexpected', message: `The server answered ${response.status} without saying why. Look at its log.` },
  }
}

/** Sends what one operation takes, and gives the answer as it comes. */
export async function request(
  to: Transport,
  route: Pick<Route, 'method' | 'path'>,
  args: Arguments<unknown, unknown, unknown>,
  signal?: AbortSignal,
): Promise<Response> {
  const params = (args.params ?? {}) as Record<string, string>
  const path = route.path.replace(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries((args.query ?? {}) as Record<string, unknown>))
    if (value !== undefined) search.set(key, String(value))
  return await (to.fetch ?? fetch)(`${to.base}${path}${search.size > 0 ? `?${search}` : ''}`, {
    method: route.method,
    ...(signal && { signal }),
    headers: {
      accept: 'application/json',
      // a header that no cross-site form can send: the server refuses cookie-carrying writes without it
      'x-claviger': '1',
      ...(args.body !== undefined && { 'content-type': 'application/json' }),
      ...to.headers,
    },
    ...(args.body !== undefined && { body: JSON.stringify(args.body) }),
  })
}
