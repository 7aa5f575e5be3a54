import type { Logger } from 'pino'
import type { Explained } from '../../kernel/errors.ts'
import type { RouteHandler, SignedIn } from './handler.ts'

/** The browser's sign-in. */
export const cookieName = 'claviger'

/** Its value in a header; undefined when it is not there or no token. */
export const cookieOf = (header: string | undefined): string | undefined =>
  header
    ?.slice(0, 8192)
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1)
    .match(/^[A-Za-z0-9_-]{20,200}$/)?.[0]

export interface HttpOptions {
  host: string
  port: number
  log: Logger
  handlers: readonly RouteHandler[]
  /** Who a token belongs to; undefined when it is nobody's (any more), and why when that cannot be known. */
  authenticate(token: string, idle: boolean): Promise<SignedIn | Explained | undefined>
  /** Whether this is the one-time token of the first run. */
  isSetupToken(token: string): Promise<boolean>
  /** Why nothing answers that needs the keeper's keys; undefined while its seal is open. */
  closed?: () => Promise<Explained | undefined>
  /** Ready, or what is wrong in a sentence. */
  ready(): Promise<{ ok: boolean; checks: Record<string, string>; controls?: Record<string, string> }>
  metrics(): Promise<string>
  /** Folder of the built console. */
  console: string
}
