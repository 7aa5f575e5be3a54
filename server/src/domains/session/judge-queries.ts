import { loadModule } from 'libpg-query'
import type { JudgeQuery, QueryAsked, Refusal } from '../../gateways/contract.ts'
import type { SessionId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { SessionAct } from '../policy/index.ts'
import { type InSession, type JudgeDeps, judgeAct, refuseAct } from './judge-act.ts'
import { readMysql } from './statements/read-mysql.ts'

import { readPostgres } from './statements/read-postgres.ts'

type Query = Extract<SessionAct, { action: 'query' }>

const notUnderstood =
  'Policy looks at statements here, and what this one does cannot be told. Write it plainly, one statement at a time, or ask an administrator.'
const notAsked = 'Policy could not be asked about this, so the answer is no. Try again; if it stays, tell an administrator.'

/** Whether policy says anything of statements in this session, whatever they are. Asked once, so that no statement waits where it does not. */
export async function queriesAreJudged(
  { keeper }: Pick<JudgeDeps, 'keeper'>,
  session: SessionId,
  database: string,
): Promise<Result<boolean, Refusal>> {
  const act: Query = { action: 'query', verbs: [], tables: [], database, understood: true }
  const judged = await keeper.ask('judge', { session, act })
  if (!judged.ok) return fail({ code: judged.error.code, say: judged.error.message })
  const says = judged.value.rests || judged.value.consequence !== 'allow'
  if (says) await loadModule()
  return ok(says)
}

/** Asks about each text of statements in one session. One that is not understood is refused: no policy could recognise it. */
export function judgeQueries(deps: JudgeDeps, of: InSession, database: string): JudgeQuery {
  /** Something is kept that somebody else is asked about each time that it is run. */
  let keeps = false
  return async (asked, meanwhile) => {
    const read = understand(asked)
    const act: Query = { action: 'query', verbs: [], tables: [], ...read, database, understood: read !== undefined }
    try {
      if (!read) return await refuseAct(deps, of, act, [], notUnderstood)
      // nothing but comments and spaces
      if (read.verbs.length === 0) return ok(undefined)
      const { sql: text, dialect, values, kept = false } = asked
      // PostgreSQL's EXECUTE runs what its protocol prepared, with values that stand elsewhere
      if (keeps && read.verbs.includes('execute')) return await refuseAct(deps, of, act, [], notPrepared)
      const unseen = read.verbs.includes('prepare') ? notPrepared : undefined
      const sql = { text, dialect, ...(values && { values }) }
      const judged = await judgeAct(deps, of, act, { ...meanwhile, sql, unseen, later: kept })
      if (!judged.ok) return judged
      if (!judged.value.each) return ok(undefined)
      keeps = true
      return ok({ each: true })
    } catch {
      return fail({ code: 'session.not_judged', say: notAsked })
    }
  }
}

/** What a text prepares is run by others that only name it. */
const notPrepared =
  'Somebody else has to see this whole before it is done, and is asked each time. Send it as a statement of its own, not by PREPARE and EXECUTE; a driver may prepare it.'

const understand = ({ dialect, sql, sure }: QueryAsked) => {
  if (!sure) return undefined
  return dialect === 'mysql' ? readMysql(sql) : readPostgres(sql)
}
