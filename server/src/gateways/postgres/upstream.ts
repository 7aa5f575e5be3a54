import { fail, ok, type Result } from '../../kernel/result.ts'
import { connectPostgres, type LoggedIn, type PostgresFailure, type PostgresServer } from '../../platform/postgres-client/index.ts'
import { fatalError } from '../../protocols/postgres/index.ts'
import type { Dial } from '../../targets/contract.ts'
import type { LiveSession } from '../contract.ts'
import type { NoWay } from '../door/sql/wire.ts'
import { sqlStates } from './say.ts'
import type { SignedIn } from './sign-in.ts'

/** The target of a session as its kind's settings describe it. */
export function serverOf({ target }: LiveSession): PostgresServer {
  const { tls, ca } = target.settings
  const { host, port, identity } = target
  return { host, port, identity, tls: String(tls), ...(typeof ca === 'string' && { ca }) }
}

/**
 * Connects to the target of a session, lets it prove the pinned identity and logs in with the released credential, which is
 * wiped as soon as the login is decided, whichever way. `signal` gives up.
 */
export async function reachTarget(
  live: LiveSession,
  { database, parameters }: SignedIn,
  { dial, targetMs, signal }: { dial: Dial; targetMs: number; signal: AbortSignal },
): Promise<Result<LoggedIn, NoWay>> {
  const { account, credential } = live.login
  const { secret } = credential
  try {
    const login = { role: account, database, parameters, ...(credential.kind === 'tls' ? { certificate: secret } : { password: secret }) }
    const connected = await connectPostgres(dial, serverOf(live), login, targetMs, signal)
    return connected.ok
      ? ok(connected.value)
      : fail(explain(connected.error, live.target.host, { database, byCertificate: credential.kind === 'tls' }))
  } finally {
    secret.wipe()
  }
}

const impostor = 'The target did not prove that it is the one that is pinned. It got no credential. Tell your security officers.'

const bringNext = 'Ask an administrator to bring in the next one: claviger credentials put --kind tls.'
const anotherCertificate = `The target refused the certificate from the vault. ${bringNext}`
const asksOtherwise = (what: string) =>
  `The vault has a certificate of this account, and the target asks for ${what}. It got nothing more. Ask whoever runs it to let the account in by certificate (method cert in pg_hba.conf).`

function explain(failure: PostgresFailure, host: string, { database, byCertificate }: { database: string; byCertificate: boolean }): NoWay {
  const no = (sqlState: string, say: string, detail: string): NoWay => ({
    ...{ reason: 'target_failed', detail },
    last: fatalError(sqlState, say),
  })
  switch (failure.code) {
    case 'postgres.impostor': {
      const detail = `expected ${failure.expected}, presented ${failure.presented}`
      return { reason: 'target_impostor', last: fatalError(sqlStates.noTarget, impostor), detail }
    }
    case 'postgres.refused':
      return {
        ...no(
          failure.sqlState,
          sayRefused(failure.sqlState, { database, byCertificate, unasked: failure.unasked }),
          `the target answered ${failure.sqlState}`,
        ),
        ...(isLoginRefused(failure.sqlState) && { loginRefused: true }),
      }
    case 'postgres.certificate_refused':
      return { ...no(sqlStates.notAuthorised, anotherCertificate, 'the target takes no such certificate'), loginRefused: true }
    case 'postgres.certificate_unusable':
      return no(sqlStates.notAuthorised, `The certificate of this account cannot be used: ${failure.why}. ${bringNext}`, failure.why)
    case 'postgres.asks_otherwise':
      return no(sqlStates.noTarget, asksOtherwise(failure.asks), `the target asks for ${failure.asks}`)
    case 'postgres.unreachable':
      return no(sqlStates.noTarget, `The target at ${host} cannot be reached. Try again, or ask whoever runs it.`, failure.detail)
    case 'postgres.timeout':
      return no(sqlStates.noTarget, `The target at ${host} did not answer in time. Try again, or ask whoever runs it.`, failure.detail)
    case 'postgres.protocol':
      return no(sqlStates.noTarget, 'The target did not speak PostgreSQL as expected. Ask whoever runs it.', failure.detail)
  }
}

/** Class 28: invalid authorization specification. */
const isLoginRefused = (sqlState: string): boolean => sqlState.startsWith('28')

function sayRefused(
  sqlState: string,
  { database, byCertificate, unasked }: { database: string; byCertificate: boolean; unasked: boolean | undefined },
): string {
  if (isLoginRefused(sqlState) && byCertificate) return anotherCertificate
  if (isLoginRefused(sqlState) && unasked)
    return 'The target refused the credential from the vault before it asked for a password: its pg_hba.conf lets this account in otherwise, perhaps by a client certificate. Ask an administrator to look there, or to bring one in (claviger credentials put --kind tls).'
  if (isLoginRefused(sqlState)) return 'The target refused the credential from the vault. Ask an administrator to rotate it.'
  if (sqlState === sqlStates.noDatabase) return `The target has no database "${database}". Name another one, for example: psql -d postgres`
  if (sqlState === '42501') return `The target does not let this account into database "${database}". Name another one.`
  if (sqlState === sqlStates.tooMany) return 'The target has too many connections. Try again later.'
  return `The target refused the session (SQLSTATE ${sqlState}). Look at the settings that your client sends, or ask whoever runs the target.`
}
