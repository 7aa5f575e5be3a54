import type { MysqlColumn } from '../../protocols/mysql/index.ts'

/** Names of types by their number (MySQL docs, "Column Types"), as people write them. */
const names: Readonly<Record<number, string>> = {
  ...{ 0: 'decimal', 1: 'tinyint', 2: 'smallint', 3: 'int', 4: 'float', 5: 'double', 6: 'null', 7: 'timestamp', 8: 'bigint' },
  ...{ 9: 'mediumint', 10: 'date', 11: 'time', 12: 'datetime', 13: 'year', 16: 'bit', 245: 'json', 246: 'decimal' },
  ...{ 247: 'enum', 248: 'set', 255: 'geometry' },
}
const long = new Set([249, 250, 251, 252])
const short = new Set([15, 253])

export function mysqlTypeName({ type, binary, unsigned }: MysqlColumn): string {
  if (long.has(type)) return binary ? 'blob' : 'text'
  if (short.has(type)) return binary ? 'varbinary' : 'varchar'
  if (type === 254) return binary ? 'binary' : 'char'
  const name = names[type] ?? `type ${type}`
  return unsigned ? `${name} unsigned` : name
}
