import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { SessionAct } from '../../policy/index.ts'
import { maskCards, maskSecrets } from '../../recording/index.ts'

/** One act as those see it who decide on it: all of it, without what is secret. */
export type ShownAct =
  | { action: 'run'; command: string }
  /**
   * A yes is good for fewer than `until` bytes; null: for any number. `or`: the other path that it may be, as the target has it. `local`: a statement sends the
   * file that has this path on the person's machine.
   */
  | { action: 'transfer'; op: string; direction: string; path: string; or?: string; local?: true; bytes: number; until: number | null }
  /** `values`: those of a prepared one, in the order of its places. */
  | { action: 'query'; database: string; sql: string; values?: (string | null)[] }
  | { action: 'forward'; direction: string; host: string; port: number }

/** The text of a query and the values of its places, and whose it is. */
export interface QueryText {
  text: string
  dialect: 'postgres' | 'mysql'
  values?: readonly (string | null)[]
}

/** Nobody reads more than that and knows what they say yes to. */
const longestShown = 16_384
const tooLong = `Somebody else has to read this before it is done, and it is longer than ${longestShown} characters. Do it in parts.`

export function shownAct(
  act: SessionAct,
  {
    until,
    sql,
    or,
    withoutCards,
    statements,
  }: { until: number | null; sql?: QueryText; or?: SessionAct; withoutCards: boolean; statements: boolean },
): Result<ShownAct, { say: string }> {
  const plain = (text: string) => (withoutCards ? maskCards(text) : text)
  const said = act.action === 'run' ? act.command : act.action === 'query' ? (sql?.text ?? '') : ''
  // of a command no more is known to policy, and what follows would be read by nobody
  const { values, dialect = 'postgres' } = sql ?? {}
  const ofValues = values?.reduce((sum, value) => sum + (value?.length ?? 0) + 1, 0) ?? 0
  if (said.length + ofValues > longestShown || (act.action === 'run' && said.length >= 8192)) return fail({ say: tooLong })
  switch (act.action) {
    case 'run':
      return ok({ action: 'run', command: plain(act.command) })
    case 'transfer': {
      const { action, op, direction, path, bytes } = act
      const also = or?.action === 'transfer' ? { or: plain(or.path) } : {}
      return ok({ action, op, direction, path: plain(path), ...also, ...(statements && { local: true }), bytes, until })
    }
    case 'query': {
      const masked = maskSecrets(said, dialect, values)
      const shown = masked.values?.map((value) => value && plain(value))
      return ok({ action: 'query', database: act.database, sql: plain(masked.sql), ...(shown && { values: shown }) })
    }
    case 'forward': {
      const { action, direction, host, port } = act
      return ok({ action, direction, host, port })
    }
  }
}
