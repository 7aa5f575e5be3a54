import { fail } from '../../kernel/result.ts'

/** Every way in which a login at a PostgreSQL server can fail. Nothing in it repeats text of the server. */
export type PostgresFailure =
  /** It did not prove who it is, and has got nothing but the names of role and database. */
  | { code: 'postgres.impostor'; expected: string; presented: string }
  /** It answered with an error; SQLSTATE, PostgreSQL docs appendix A. Class 28 is a refused login. `unasked`: before it asked for the password. */
  | { code: 'postgres.refused'; sqlState: string; unasked?: true }
  /** It closed the connection when it saw our certificate: none of an authority that it knows, or one that it does not take any more. */
  | { code: 'postgres.certificate_refused' }
  /** Our certificate was not shown: it is over, not good yet, or there is no TLS to show it under. */
  | { code: 'postgres.certificate_unusable'; why: string }
  /** It asks for something else than the certificate that it was shown. It got no more. */
  | { code: 'postgres.asks_otherwise'; asks: string }
  | { code: 'postgres.protocol'; detail: string }
  | { code: 'postgres.unreachable'; detail: string }
  | { code: 'postgres.timeout'; detail: string }

type No = { ok: false; error: PostgresFailure }

export const impostor = (expected: string, presented: string): No =>
  fail({ code: 'postgres.impostor', expected, presented: presented.slice(0, 200) })
export const refused = (sqlState: string): No => fail({ code: 'postgres.refused', sqlState })
export const unusable = (why: string): No => fail({ code: 'postgres.certificate_unusable', why })
export const protocol = (detail: string): No => fail({ code: 'postgres.protocol', detail })
