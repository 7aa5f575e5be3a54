import { fail } from '../../kernel/result.ts'
import type { PostgresFailure } from '../../platform/postgres-client/index.ts'
import type { TargetFailure } from '../contract.ts'

export const protocol = (detail: string): { ok: false; error: TargetFailure } => fail({ code: 'target.protocol', detail })
export const timeout = (detail: string): { ok: false; error: TargetFailure } => fail({ code: 'target.timeout', detail })

/** SQLSTATE, PostgreSQL docs appendix A. The server's own text is never shown: it may repeat the statement. */
const meanings: Record<string, string> = {
  '25006': 'the server is read-only, perhaps a standby',
  '3D000': 'that database does not exist',
  '42501': 'the role may not do that',
  '53100': 'its disk is full',
  '53300': 'it has too many connections',
  '57014': 'the statement was cancelled',
  '57P01': 'it is shutting down',
  '57P02': 'it is recovering from a crash',
  '57P03': 'it is starting up or shutting down',
}

/** What a failed login means for people. `shown`: a certificate, in the place of a password. */
export function asTargetFailure(failure: PostgresFailure, account: string, shown = false): TargetFailure {
  if (failure.code === 'postgres.impostor') return { ...failure, code: 'target.impostor' }
  if (failure.code === 'postgres.refused')
    return shown
      ? loginFailure(failure.sqlState, account, { why: byThisCertificate })
      : loginFailure(failure.sqlState, account, failure.unasked && { why: beforeThePassword, unasked: true })
  if (failure.code === 'postgres.certificate_refused')
    return { code: 'target.login_refused', account, why: 'it takes no certificate of this authority, or not this one any more' }
  if (failure.code === 'postgres.certificate_unusable') return { code: 'target.certificate_unusable', account, why: failure.why }
  if (failure.code === 'postgres.asks_otherwise') return { code: 'target.asks_otherwise', account, asks: failure.asks }
  const codes = {
    'postgres.protocol': 'target.protocol',
    'postgres.unreachable': 'target.unreachable',
    'postgres.timeout': 'target.timeout',
  } as const
  return { code: codes[failure.code], detail: failure.detail }
}

const beforeThePassword =
  'it said no before it asked for a password. Perhaps its pg_hba.conf wants a client certificate (bring one in: claviger credentials put --kind tls), or has no line for this'

const byThisCertificate =
  'it lets nobody in as that role by this certificate. The name in it has to be the role’s, unless its pg_ident.conf says otherwise, and the role has to be one that logs in'

/** What an error during the login means. Class 28 is "invalid authorization": also an unknown role, or one that may not log in. */
function loginFailure(sqlState: string, account: string, known: { why: string; unasked?: true } | undefined): TargetFailure {
  if (sqlState.startsWith('28')) return { code: 'target.login_refused', account, ...known }
  if (sqlState.startsWith('57') || sqlState.startsWith('53')) return { code: 'target.unreachable', detail: said(sqlState) }
  return { code: 'target.protocol', detail: said(sqlState) }
}

/** What an error of a statement means. Anything that is no answer of the server is a broken connection. */
export function statementFailure(error: unknown): TargetFailure {
  const sqlState = sqlStateOf(error)
  if (sqlState === undefined) {
    const timedOut = error instanceof Error && error.message === 'Query read timeout'
    return timedOut
      ? { code: 'target.timeout', detail: 'the server did not answer in time' }
      : { code: 'target.protocol', detail: 'the connection broke' }
  }
  if (sqlState === '42501' || sqlState === '25006') return { code: 'target.not_permitted', detail: said(sqlState) }
  if (sqlState === '57014') return { code: 'target.timeout', detail: said(sqlState) }
  if (sqlState.startsWith('57') || sqlState.startsWith('53')) return { code: 'target.unreachable', detail: said(sqlState) }
  return { code: 'target.protocol', detail: said(sqlState) }
}

export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

const said = (sqlState: string): string =>
  meanings[sqlState] ? `PostgreSQL says: ${meanings[sqlState]} (${sqlState})` : `PostgreSQL says ${sqlState}`
