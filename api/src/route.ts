import type { z } from 'zod'

/**
 * One operation of the HTTP API: the contract that server, console and CLI share.
 * `who` is documentation and the authorisation table in one: `anyone` needs no sign-in.
 */
export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
> {
  id: string
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path with `:name` parameters. */
  path: string
  /** One line: what it does, or what it answers. */
  summary: string
  /** What else a caller should know, as Markdown. */
  about?: string
  tag: string
  who: Who
  /** Also open to the holder of the one-time setup token (header `x-claviger-setup`) while the first run lasts. */
  setup?: true
  /** Also open to the owner of the data on the server's host, by the token of this start (header `x-claviger-host`). */
  host?: true
  /** Answers also while the keeper's seal is closed. Everything else then answers 503. */
  sealed?: true
  /** Bytes of the body at most; 256 KiB where left out. */
  largest?: number
  params?: P
  query?: Q
  body?: B
  answer: A
}

/** Who may call an operation. Groups are those of the person; `person` is anyone signed in; `setup` also takes the one-time setup token. */
export type Who = 'anyone' | 'person' | readonly Group[]
export type Group = 'engineers' | 'approvers' | 'security' | 'auditors' | 'administrators'

export const defineRoute = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  route: Route<P, Q, B, A>,
): Route<P, Q, B, A> => route

export type ParamsOf<R> = R extends Route<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.input<P> : never
export type QueryOf<R> = R extends Route<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.input<Q> : never
export type BodyOf<R> = R extends Route<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.input<B> : never
export type AnswerOf<R> = R extends Route<z.ZodType, z.ZodType, z.ZodType, infer A> ? z.output<A> : never
