import type { Call, RefusalBody, Transport } from '@claviger/api'
import { CliError, type Exit } from './exit.ts'

/** Longest wait for an answer: a rotation of several credentials takes tens of seconds. */
const patience = 180_000

export function transportTo(server: string, token?: string): Transport {
  return {
    base: server,
    ...(token && { headers: { authorization: `Bearer ${token}` } }),
    // a redirect could carry the token elsewhere
    fetch: (url, init) => fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(patience) }),
  }
}

/** The value of an answer. A refusal, or no answer at all, becomes the error that the person sees. */
export async function answered<T>(asked: Promise<Call<T>>, server: string): Promise<T> {
  const answer = await asked.catch((cause: unknown) => {
    throw notAnswered(cause, server)
  })
  if (answer.ok) return answer.value
  throw refusalError(answer.status, answer.refusal)
}

export function refusalError(status: number, { code, message, issues }: RefusalBody): CliError {
  const exit = exitFor(status, code)
  return new CliError(exit, message, exit === 'notSignedIn' ? 'claviger login' : undefined, { code, issues })
}

function exitFor(status: number, code: string): Exit {
  if (status === 401) return 'notSignedIn'
  if (code === 'access.no_grant' || code === 'session.no_grant') return 'notGranted'
  if (status === 400 || status === 413 || status === 422) return 'usage'
  if (status === 502 || status === 503 || status === 504) return 'unreachable'
  return status >= 500 ? 'failed' : 'refused'
}

export function notAnswered(cause: unknown, server: string): CliError {
  const reason = reasonOf(cause)
  if (cause instanceof Error && cause.name === 'ZodError')
    return new CliError(
      'failed',
      `${server} answers in another way than this claviger expects. Are both of the same version?`,
      'claviger status',
    )
  return new CliError('unreachable', `No Claviger answers at ${server} (${reason}).`, 'npm start, or set CLAVIGER_SERVER')
}

/** `ECONNREFUSED` rather than "fetch failed". */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error ? (cause.cause ?? cause) : cause
  const { code, name, message } = inner as { code?: unknown; name?: unknown; message?: unknown }
  if (name === 'TimeoutError') return `no answer within ${patience / 1000} s`
  return String(code ?? message ?? inner)
}
