import type { Holding } from './asks/hold-act.ts'
import type { InSession } from './judge-act.ts'
import type { Opening } from './opening.ts'

/** Whose session it is in which something is judged; its intent is recorded. */
export function inSessionOf({ row, intent, admitted, how, withoutCards = false }: Opening, holding: Holding): InSession {
  if (!row || !intent) throw new Error('the intent comes first')
  return {
    session: row.id,
    person: admitted.person,
    account: row.account_id,
    intent,
    holding,
    withoutCards,
    statements: how.kind === 'sql',
  }
}
