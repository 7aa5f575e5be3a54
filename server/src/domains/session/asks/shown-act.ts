import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { SessionAct } from '../../policy/index.ts'
import { maskCards, maskSecrets } from '../../recording/index.ts'

/** One act as those see it who decide on it: all of it, without what is secret. */
export type ShownAct =
  | { action: 'run'; command: string }
  /** A yes is good for fewer than `until` bytes; null: for any number. */
  | { action: 'transfer'; op: string; direction: string; path: string; bytes: number; until: number | null }
  | { action: 'query'; database: string; sql: string }
  | { action: 'forward'; direction: string; host: string; port: number }

/** Nobody reads more than that and knows what they say yes to. */
const longestShown = 16_384
const tooLong = `Somebody else has to read this before it is done, and it is longer than ${longestShown} characters. Do it in parts.`

/** `sql`: the text of a query, and whose it is. */
export function shownAct(
  act: SessionAct,
  { until, sql, withoutCards }: { until: number | null; sql?: { text: string; dialect: 'postgres' | 'mysql' }; withoutCards: boolean },
): Result<ShownAct, { say: string }> {
  const plain = (text: string) => (withoutCards ? maskCards(text) : text)
  const said = act.action === 'run' ? act.command : act.action === 'query' ? (sql?.text ?? '') : ''
  // of a command no more is known to policy, and what follows would be read by nobody
  if (said.length > longestShown || (act.action === 'run' && said.length >= 8192)) return fail({ say: tooLong })
  switch (act.action) {
    case 'run':
      return ok({ action: 'run', command: plain(act.command) })
    case 'transfer': {
      const { action, op, direction, path, bytes } = act
      return ok({ action, op, direction, path: plain(path), bytes, until })
    }
    case 'query':
      return ok({ action: 'query', database: act.database, sql: plain(maskSecrets(said, sql?.dialect ?? 'postgres')) })
    case 'forward': {
      const { action, direction, host, port } = act
      return ok({ action, direction, host, port })
    }
  }
}
