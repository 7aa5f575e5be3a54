import { maskMysql } from './mask-mysql.ts'
import { maskStatement } from './mask-statement.ts'
import { isSecretValue, masked } from './sensitive.ts'

/** A text of statements, and the values of its places, as they may be shown: masked as in recordings. Without PostgreSQL's parser loaded it is masked blindly. */
export function maskSecrets(sql: string, dialect: 'postgres' | 'mysql', values?: readonly (string | null)[]) {
  const mask = dialect === 'mysql' ? maskMysql(sql) : maskStatement(sql)
  const shown = values?.map((value) => (value !== null && (mask.sensitive || isSecretValue(value)) ? masked : value))
  return { sql: mask.sql, ...(shown && { values: shown }) }
}
