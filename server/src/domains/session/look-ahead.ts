import type { How, Refusal } from '../../gateways/contract.ts'
import type { SessionId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { filesAreJudged, filesMayBeSent } from './judge-files.ts'
import { queriesAreJudged } from './judge-queries.ts'
import type { Opening, OpenSessionDeps } from './opening.ts'

/** Policy looks now at what can be done in such a session, whatever is done. */
export async function policyLooks(deps: Pick<OpenSessionDeps, 'keeper'>, session: SessionId, how: How): Promise<Result<boolean, Refusal>> {
  if (how.kind === 'files') return await filesAreJudged(deps, session)
  if (how.kind === 'sql') return await queriesAreJudged(deps, session, how.database)
  return ok(false)
}

/** Asks once whether policy says anything of what can be done in a session: where it does not, nothing in it waits for an answer. */
export async function lookAhead(deps: OpenSessionDeps, so: Opening): Promise<Refusal | undefined> {
  const { how, row } = so
  if (!row) throw new Error('the intent comes first')
  so.policiesSeen = deps.running.policies
  const looks = await policyLooks(deps, row.id, how)
  if (!looks.ok) return looks.error
  so.judgesFiles = how.kind === 'files' && looks.value
  so.judgesQueries = how.kind === 'sql' && looks.value
  so.sendsFiles = false
  if (how.kind !== 'sql' || !how.files) return undefined
  const sends = await filesMayBeSent(deps, row.id)
  if (!sends.ok) return sends.error
  so.sendsFiles = sends.value
  return undefined
}
