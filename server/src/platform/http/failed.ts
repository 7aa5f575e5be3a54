import type { Logger } from 'pino'

/** What should not happen is logged under the request's id and told by that id alone. */
export function failed(log: Pick<Logger, 'error'>, error: unknown, id: string): { status: number; body: Record<string, string> } {
  log.error({ err: error, reqId: id }, 'a request failed')
  return {
    status: 503,
    body: {
      code: 'http.failed',
      message: 'That did not work, and it is not your fault. Try again; an administrator finds the cause in the log under this id.',
      requestId: id,
    },
  }
}
