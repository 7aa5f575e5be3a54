import { fail } from '../../kernel/result.ts'
import type { MysqlFailure } from '../../platform/mysql-client/index.ts'
import type { TargetFailure } from '../contract.ts'

/** Numbers of errors, MariaDB docs "MariaDB Error Codes". The server's own text is never shown: it may repeat the statement. */
const meanings: Record<number, string> = {
  1040: 'it has too many connections',
  1044: 'the account may not use that database',
  1053: 'it is shutting down',
  1129: 'it blocks our address after too many errors; `flush hosts` there ends that',
  1130: 'it lets nobody in from our address',
  1142: 'the account may not do that',
  1143: 'the account may not read that column',
  1203: 'the account has too many connections',
  1226: 'the account has used up what it may',
  1227: 'the account lacks a privilege for that',
  1290: 'an option of the server forbids it',
  1820: 'the password of the account has expired',
  1836: 'the server is read-only',
  1862: 'the password of the account has expired',
  1969: 'the statement took too long there',
  3159: 'the server takes only secure connections',
}
const refusedLogin = [1045, 1698]
const locked = [3118, 3955, 4150, 4151]
const expired = [1820, 1862]
const notPermitted = [1044, 1142, 1143, 1227, 1290, 1836]
const unreachable = [1040, 1053, 1129, 1130, 1203, 1226]

export const notSupported = (detail: string) => fail({ code: 'target.not_supported', detail } as const)
export const accountGone = (account: string) => fail({ code: 'target.account_gone', account } as const)

/** What a failed login means for people. */
export function asTargetFailure(failure: MysqlFailure, account: string): TargetFailure {
  switch (failure.code) {
    case 'mysql.impostor':
      return { ...failure, code: 'target.impostor' }
    case 'mysql.method':
      return {
        code: 'target.not_supported',
        detail: `${account} logs in by ${failure.plugin}, which Claviger does not answer; give it mysql_native_password or caching_sha2_password`,
      }
    case 'mysql.refused':
      return errorFailure(failure.number, account)
  }
  const codes = {
    'mysql.protocol': 'target.protocol',
    'mysql.unreachable': 'target.unreachable',
    'mysql.timeout': 'target.timeout',
  } as const
  return { code: codes[failure.code], detail: failure.detail }
}

/** What an error of a statement means. Anything that is no answer of the server is a broken connection. */
export function statementFailure(error: unknown, account: string): TargetFailure {
  const number = numberOf(error)
  if (number !== undefined) return errorFailure(number, account)
  const timedOut = error instanceof Error && 'code' in error && error.code === 'PROTOCOL_SEQUENCE_TIMEOUT'
  return timedOut
    ? { code: 'target.timeout', detail: 'the server did not answer in time' }
    : { code: 'target.protocol', detail: 'the connection broke' }
}

function errorFailure(number: number, account: string): TargetFailure {
  if (refusedLogin.includes(number)) return { code: 'target.login_refused', account }
  if (locked.includes(number)) return { code: 'target.account_locked', account }
  if (expired.includes(number)) return { code: 'target.not_permitted', detail: `the password of ${account} has expired there` }
  if (number === 1396) return { code: 'target.account_gone', account }
  if (number === 1819) return { code: 'target.password_refused', detail: 'the password check of the server did not like it' }
  if (number === 1290) return { code: 'target.not_permitted', detail: `${said(number)}. Where it checks passwords: set passwordAs to text` }
  if (notPermitted.includes(number)) return { code: 'target.not_permitted', detail: said(number) }
  if (unreachable.includes(number)) return { code: 'target.unreachable', detail: said(number) }
  return { code: 'target.protocol', detail: said(number) }
}

/** The server's number of an error; undefined for what did not come from it. */
export function numberOf(error: unknown): number | undefined {
  const errno = error instanceof Error && 'errno' in error ? error.errno : undefined
  return typeof errno === 'number' && errno >= 1000 && errno < 10_000 ? errno : undefined
}

const said = (number: number): string => (meanings[number] ? `it says: ${meanings[number]} (${number})` : `it says error ${number}`)
