import { maskMysql } from './mask-mysql.ts'
import { maskStatement } from './mask-statement.ts'

/** A text of statements as it may be shown, masked as it is in recordings. Without PostgreSQL's parser loaded it is masked blindly. */
export const maskSecrets = (sql: string, dialect: 'postgres' | 'mysql'): string =>
  (dialect === 'mysql' ? maskMysql(sql) : maskStatement(sql)).sql
