import { fail, ok, type Result } from '../../kernel/result.ts'
import { nativeHash } from '../../protocols/mysql/index.ts'
import type { Credential, TargetFailure } from '../contract.ts'
import { type MysqlClient, quoteText } from './client.ts'
import { type Entry, hasPassword, isMariadb, isOfPasswords, type Method, named, opensWithoutPassword } from './entries.ts'
import { notSupported, numberOf } from './failures.ts'
import type { MysqlSettings } from './settings.ts'

const longest = 128
const operationFailed = 1396
const notValidPassword = 1819
const printable = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.length <= longest && bytes.every((b) => b >= 0x20 && b < 0x7f)

/**
 * Sets one password for these entries in one statement, so that none is forgotten with an old one. What else opens an entry
 * (`unix_socket`) stays as it is.
 */
export async function setPassword(
  client: MysqlClient,
  entries: readonly Entry[],
  next: Credential,
  { passwordAs }: Pick<MysqlSettings, 'passwordAs'>,
  verb: 'alter' | 'create' = 'alter',
): Promise<Result<void, TargetFailure>> {
  if (next.kind !== 'password') return refused('MySQL accounts have passwords')
  const ed25519 = entries.find(({ methods }) => methods.some(({ plugin }) => plugin === 'ed25519'))
  if (ed25519)
    return notSupported(
      `'${ed25519.user}'@'${ed25519.host}' has a password of the method ed25519; Claviger does not put a weaker one in its place`,
    )
  const ours = entries.filter(({ methods }) => methods.some((m) => hasPassword(m) || opensWithoutPassword(m)))
  // none opens by a password today: then it is what somebody wants now
  const which = ours.length > 0 ? ours : entries.filter(({ methods }) => methods.some(isOfPasswords))
  if (which.length === 0) return notSupported('the account has no password there, it opens by other methods only')
  if (passwordAs === 'hash' && !isMariadb(client))
    return notSupported('MySQL takes no hash from us; set passwordAs to text for this target')
  if (passwordAs === 'text') {
    const quiet = await keepOutOfLogs(client)
    if (!quiet.ok) return quiet
  }
  const sql = await next.secret.lend('set-on-target', (bytes) => {
    if (!printable(bytes)) return undefined
    const text = () => quoteText(Buffer.from(bytes).toString('latin1'))
    if (!isMariadb(client)) return mysqlStatement(verb, which, text())
    return mariadbStatement(verb, which, passwordAs === 'hash' ? `'${nativeHash(bytes)}'` : `password(${text()})`)
  })
  if (!sql) return refused(`a password has 1 to ${longest} characters of printable ASCII`)
  try {
    await client.query(sql)
    return ok(undefined)
  } catch (error) {
    if (numberOf(error) !== operationFailed) throw error
    // which part of it failed, and why, stands in the warnings
    const reasons = await client.query<{ Code: number }>('show warnings')
    if (reasons.some(({ Code }) => Code === notValidPassword))
      return fail({ code: 'target.password_refused', detail: 'the password check of the server did not like it' })
    throw error
  }
}

const refused = (detail: string): { ok: false; error: TargetFailure } => fail({ code: 'target.credential_refused', detail })

/** The method that has a password gets the new one; the others keep their place and what they store. */
export function mariadbStatement(verb: 'alter' | 'create', entries: readonly Entry[], using: string): string {
  const method = (m: Method): string => {
    if (isOfPasswords(m)) return `mysql_native_password using ${using}`
    return m.stored === '' ? m.plugin : `${m.plugin} using ${quoteText(m.stored)}`
  }
  const each = entries.map((entry) => `${named(entry)} identified via ${entry.methods.map(method).join(' or ')}`)
  return `${verb} user ${each.join(', ')}${verb === 'create' ? ' require ssl' : ''}`
}

/** MySQL keeps the old one beside the new one until it is told to discard it, which `closeOthers` does once the new one was proven. */
export const mysqlStatement = (verb: 'alter' | 'create', entries: readonly Entry[], text: string): string =>
  verb === 'create'
    ? `create user ${entries.map((entry) => `${named(entry)} identified by ${text}`).join(', ')} require ssl`
    : `alter user ${entries.map((entry) => `${named(entry)} identified by ${text} retain current password`).join(', ')}`

/** Text goes to the server only where its general log does not write it down; the slow log is told not to listen. */
async function keepOutOfLogs(client: MysqlClient): Promise<Result<void, TargetFailure>> {
  if (!isMariadb(client)) return ok(undefined) // MySQL writes <secret> in its logs
  await client.query('set session slow_query_log = 0').catch(() => undefined)
  const [log] = await client.query<{ general: number }>('select @@global.general_log as general')
  if (log?.general === 0) return ok(undefined)
  try {
    await client.query('set session sql_log_off = 1')
    return ok(undefined)
  } catch {
    return fail({
      code: 'target.not_permitted',
      detail: 'the general log of the server is on, and this account may not keep a new password out of it (it needs SUPER)',
    })
  }
}
