import type { Refusal } from '../../gateways/contract.ts'
import { filesAreJudged } from './judge-files.ts'
import { queriesAreJudged } from './judge-queries.ts'
import type { Opening, OpenSessionDeps } from './opening.ts'

/** Asks once whether policy says anything of what can be done in a session: where it does not, nothing in it waits for an answer. */
export async function lookAhead(deps: OpenSessionDeps, so: Opening): Promise<Refusal | undefined> {
  const { how, row } = so
  so.judgesFiles = false
  so.judgesQueries = false
  if (!row) throw new Error('the intent comes first')
  if (how.kind === 'files') {
    const judged = await filesAreJudged(deps, row.id)
    if (!judged.ok) return judged.error
    so.judgesFiles = judged.value
  }
  if (how.kind === 'sql') {
    const judged = await queriesAreJudged(deps, row.id, how.database)
    if (!judged.ok) return judged.error
    so.judgesQueries = judged.value
  }
  return undefined
}
