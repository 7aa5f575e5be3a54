import type { Readable } from 'node:stream'
import type { AnswerOf, Group, Route } from '@claviger/api'
import type { z } from 'zod'
import type { Explained } from '../../kernel/errors.ts'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import type { Result } from '../../kernel/result.ts'
import type { WebLine } from './web-line.ts'

/** A person who is signed in, as the identity domain vouches for them. */
export interface SignedIn {
  person: PersonId
  name: string
  groups: readonly Group[]
  /** The keeper's presence token of this sign-in. */
  presence: string
  signIn: SignInId
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined

export interface Incoming<P, Q, B> {
  params: Parsed<P>
  query: Parsed<Q>
  body: Parsed<B>
  /** Undefined on operations for anyone, and in the first run with the setup token. */
  who: SignedIn | undefined
  /** The one-time token of the first run, when one was sent. The keeper decides what it is worth. */
  setupToken: string | undefined
  /** The token of whoever owns the data on the host, when one was sent. The keeper decides what it is worth. */
  hostToken: string | undefined
  /** Address of the client as the socket says it. */
  source: string
  /** The bearer token or cookie that came along; for signing out. */
  token: string | undefined
  setCookie(token: string | undefined, expiresAt: Date): void
}

// biome-ignore lint/suspicious/noExplicitAny: the one place where routes of all shapes meet; `on` checks each against its own
type Any = any

/** A body that is no JSON: text or a stream, with its media type. */
export interface Raw {
  type: string
  body: string | Readable
  fileName?: string
}

export interface RouteHandler {
  route: Route<Any, Any, Any, Any>
  raw: boolean
  /** Answered before the framework where the request is plain (lean.ts). */
  lean?: true
  run(incoming: Incoming<Any, Any, Any>): Promise<Result<unknown, Explained>>
  /** For the same request as an upgrade to a WebSocket, from a page of ours and by a person who may. */
  upgraded?(came: Upgraded<Any>): void
}

export interface Upgraded<P> {
  params: Parsed<P>
  who: SignedIn
  line: WebLine
}

/** Joins an operation of the contract with what it does. */
export function on<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  route: Route<P, Q, B, A>,
  run: (incoming: Incoming<P, Q, B>) => Promise<Result<AnswerOf<Route<P, Q, B, A>>, Explained>>,
): RouteHandler {
  return { route, raw: false, run }
}

/** The same, for what programs ask thousands of times a second with a read ticket: open to anyone, without input that must be there. Throws for any other. */
export function onLean<Q extends z.ZodType, A extends z.ZodType>(
  route: Route<z.ZodType, Q, z.ZodType, A>,
  run: (incoming: Incoming<z.ZodType, Q, z.ZodType>) => Promise<Result<AnswerOf<Route<z.ZodType, Q, z.ZodType, A>>, Explained>>,
): RouteHandler {
  if (route.method !== 'GET' || route.who !== 'anyone' || route.params || route.body) throw new Error(`${route.id} is not lean`)
  return { route, raw: false, lean: true, run }
}

export function onRaw<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  route: Route<P, Q, B, A>,
  run: (incoming: Incoming<P, Q, B>) => Promise<Result<Raw, Explained>>,
): RouteHandler {
  return { route, raw: true, run }
}

/** A WebSocket; asked for without one, `run` says why not. */
export function onSocket<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  route: Route<P, Q, B, A>,
  run: (incoming: Incoming<P, Q, B>) => Promise<Result<never, Explained>>,
  upgraded: (came: Upgraded<P>) => void,
): RouteHandler {
  return { route, raw: true, run, upgraded }
}

/** The person of an operation that only signed-in people reach; the guard stands in front, so absence is a bug. */
export function signedIn(incoming: { who: SignedIn | undefined }): SignedIn {
  if (!incoming.who) throw new Error('this operation was reached without a person')
  return incoming.who
}
