import type { Route } from '@claviger/api'
import type { Explained } from '../../kernel/errors.ts'
import type { SignedIn } from './handler.ts'

const no = (http: Explained['http'], code: string, message: string): Explained => ({ http, body: { code, message } })

/** What a program shows to read a credential: an operation looks at it, and it is nobody's sign-in. */
export const isReadTicket = (token: string): boolean => token.startsWith('clvr_')

/** Why this caller may not use this operation; undefined when they may. */
export function guard(
  route: Pick<Route, 'who' | 'setup' | 'host'>,
  who: SignedIn | undefined,
  hasSetupToken: boolean,
): Explained | undefined {
  if (route.who === 'anyone') return undefined
  // in the first run there are no people yet
  if ((route.setup || route.host) && hasSetupToken) return undefined
  if (!who) return no(401, 'http.not_signed_in', 'Sign in first: claviger login, or the sign-in page.')
  if (route.who === 'person') return undefined
  const allowed: readonly string[] = route.who
  return who.groups.some((g) => allowed.includes(g))
    ? undefined
    : no(
        403,
        'http.not_permitted',
        `This takes a member of ${allowed.join(' or ')}. You are in ${who.groups.join(', ') || 'no group'}. Ask one of them.`,
      )
}

/** Whether a page of ours asks: browsers name the page's origin, and no page can name another. */
export const samePage = (origin: string | undefined, host: string | undefined): boolean =>
  origin !== undefined && host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)

/** A cookie travels by itself; a write that comes with one must also carry a header that no foreign page can send. */
export function forged(
  method: string,
  usesCookie: boolean,
  marker: string | undefined,
  origin: string | undefined,
  host: string | undefined,
): Explained | undefined {
  if (method === 'GET' || !usesCookie) return undefined
  const foreign = origin !== undefined && host !== undefined && !samePage(origin, host)
  return marker === '1' && !foreign
    ? undefined
    : no(403, 'http.cross_site', 'This came from another page than the console, so it was not done. Open the console itself.')
}
