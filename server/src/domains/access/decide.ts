import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import { questionOf } from '../../keeper/decide/question.ts'
import type { FactContent } from '../../keeper/facts/fact.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { approverGroups, createPolicyEngine, type Decision, type PolicyEngine, requiredApproverGroups } from '../policy/index.ts'
import { readPolicyIds } from './access.store.ts'

export interface Asked {
  person: FactContent
  account: FactContent
  target: FactContent
}

export interface Decided {
  decision: Decision
  approverGroups: readonly string[]
  requiredGroups: readonly string[]
}

/** Asks policy about a request, with rows that the keeper vouched for. The keeper decides the same again before anything opens. */
export type Decide = (
  tx: Tx,
  asked: Asked,
  request: { action: 'connect' | 'reveal'; seconds: number; itsmTicket: string | null },
) => Promise<Result<Decided, KeeperRefusal>>

export function createDecide(keeper: Keeper): Decide {
  let kept: { key: string; engine: PolicyEngine } | undefined
  const engineOf = async (tx: Tx): Promise<Result<PolicyEngine, KeeperRefusal>> => {
    const ids = await readPolicyIds(tx)
    if (ids.length === 0) return createdOrRefused([])
    const vouched = await keeper.ask('vouch', { rows: ids.map((id) => ({ kind: 'policy', id })) })
    if (!vouched.ok) return vouched
    const texts = vouched.value.rows.map((p) => ({ id: String(p.id), name: String(p.name), text: String(p.text) }))
    const key = texts.map((t) => `${t.id}${t.text}`).join('\n')
    if (kept?.key === key) return ok(kept.engine)
    const engine = createdOrRefused(texts)
    if (engine.ok) kept = { key, engine: engine.value }
    return engine
  }
  return async (tx, { person, account, target }, { action, seconds, itsmTicket }) => {
    const engine = await engineOf(tx)
    if (!engine.ok) return engine
    const question = questionOf(person, account, target, { action, seconds, itsm_ticket: itsmTicket }, { phase: 'request' })
    return ok({
      decision: engine.value.decide(question),
      approverGroups: approverGroups(question),
      requiredGroups: requiredApproverGroups(question),
    })
  }
}

function createdOrRefused(texts: { id: string; name: string; text: string }[]): Result<PolicyEngine, KeeperRefusal> {
  const engine = createPolicyEngine(texts)
  return engine.ok
    ? engine
    : fail({
        code: 'keeper.policy_error',
        message: 'The policies do not load, so nothing is granted. Ask an administrator to look at the policies.',
      })
}
