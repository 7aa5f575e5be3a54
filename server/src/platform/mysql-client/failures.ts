import { fail } from '../../kernel/result.ts'

/** Every way in which a login at a MySQL or MariaDB server can fail. Nothing in it repeats text of the server. */
export type MysqlFailure =
  /** It did not prove who it is, or wanted to see the password. It has got nothing. */
  | { code: 'mysql.impostor'; expected: string; presented: string }
  /** It answered with an error: its number in the list of MariaDB's and MySQL's error codes. 1045 is a refused login. */
  | { code: 'mysql.refused'; number: number }
  /** The account logs in by a method that we do not answer. */
  | { code: 'mysql.method'; plugin: string }
  | { code: 'mysql.protocol'; detail: string }
  | { code: 'mysql.unreachable'; detail: string }
  | { code: 'mysql.timeout'; detail: string }

type No = { ok: false; error: MysqlFailure }

export const impostor = (expected: string, presented: string): No =>
  fail({ code: 'mysql.impostor', expected, presented: presented.slice(0, 200) })
export const refused = (number: number): No => fail({ code: 'mysql.refused', number })
export const protocol = (detail: string): No => fail({ code: 'mysql.protocol', detail })
