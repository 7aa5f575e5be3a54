import { fail } from '../../kernel/result.ts'

/** Every way in which a login at a PostgreSQL server can fail. Nothing in it repeats text of the server. */
export type PostgresFailure =
  /** It did not prove who it is, and has got nothing but the names of role and database. */
  | { code: 'postgres.impostor'; expected: string; presented: string }
  /** It answered with an error; SQLSTATE, PostgreSQL docs appendix A. Class 28 is a refused login. */
  | { code: 'postgres.refused'; sqlState: string }
  | { code: 'postgres.protocol'; detail: string }
  | { code: 'postgres.unreachable'; detail: string }
  | { code: 'postgres.timeout'; detail: string }

type No = { ok: false; error: PostgresFailure }

export const impostor = (expected: string, presented: string): No =>
  fail({ code: 'postgres.impostor', expected, presented: presented.slice(0, 200) })
export const refused = (sqlState: string): No => fail({ code: 'postgres.refused', sqlState })
export const protocol = (detail: string): No => fail({ code: 'postgres.protocol', detail })
