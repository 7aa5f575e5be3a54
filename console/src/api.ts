import { call, type RefusalBody, type Route, type Transport } from '@claviger/api'
import type { z } from 'zod'

/** The server said no: its own sentence, for people, with the code that never changes. */
export class Refused extends Error {
  readonly status: number
  readonly body: RefusalBody
  constructor(status: number, body: RefusalBody) {
    super(body.message)
    this.status = status
    this.body = body
  }
}

/** The server did not answer at all. */
export class Away extends Error {
  constructor(cause: unknown) {
    super('Claviger does not answer. It may be restarting, or the network may be down.', { cause })
  }
}

/** The answer is not what this console was built for: after an upgrade, the page is older than the server. */
export class Misread extends Error {
  constructor(cause: unknown) {
    super(
      'The server answered in a way that this page does not understand. Reload it; if that does not help, the server and the console are of different versions.',
      {
        cause,
      },
    )
  }
}

let touched = true
const onTouch = () => {
  touched = true
}
if (typeof window !== 'undefined')
  for (const sign of ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const)
    window.addEventListener(sign, onTouch, { capture: true, passive: true })

/** Same origin, cookie. A request that no touch of the person led to says so, so that polling does not keep an idle sign-in alive. */
const transport = (setupToken?: string): Transport => {
  const background = !touched
  touched = false
  return {
    base: '',
    headers: { ...(background && { 'x-claviger-background': '1' }), ...(setupToken !== undefined && { 'x-claviger-setup': setupToken }) },
  }
}

/**
 * Calls one operation; a refusal and a failure are thrown, since TanStack Query carries both to the page that asked. `setupToken`: of the link
 * of the first run, for what takes it in a header.
 */
export async function ask<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  route: Route<P, Q, B, A>,
  args: Parameters<typeof call<P, Q, B, A>>[2] = {},
  setupToken?: string,
): Promise<z.output<A>> {
  let answer: Awaited<ReturnType<typeof call<P, Q, B, A>>>
  try {
    answer = await call(transport(setupToken), route, args)
  } catch (error) {
    // fetch throws TypeError when nothing answers; anything else came from reading the answer
    throw error instanceof TypeError ? new Away(error) : new Misread(error)
  }
  if (answer.ok) return answer.value
  // a proxy in front of a stopped server answers for it, without our words
  if (answer.refusal.code === 'http.unexpected' && [502, 503, 504].includes(answer.status)) throw new Away(answer.refusal)
  throw new Refused(answer.status, answer.refusal)
}

export const isSignedOut = (error: unknown): boolean => error instanceof Refused && error.status === 401

/** The ledger in the database is not what was signed: nothing answers but what says so, and what takes note of it. */
export const isDiverged = (error: unknown): boolean => error instanceof Refused && error.body.code === 'keeper.diverged'

/** The keeper has no keys now: nothing answers but the operations of the seal. */
export const isSealed = (error: unknown): boolean => error instanceof Refused && error.body.code === 'keeper.sealed'

/** A session of statements in which no file of the person's machine was sent: nothing is wrong with it. */
export const isWithoutFiles = (error: unknown): boolean => error instanceof Refused && error.body.code === 'session.no_files'
