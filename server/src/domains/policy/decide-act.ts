import { evaluate } from './cedar.ts'
import { type ActQuestion, cedarActQuestion } from './question.ts'
import type { ReadPolicy } from './read-policy.ts'
import { type Consequence, needsPermit, type SessionAct, strictestOf } from './session-act.ts'

export type ActDecision =
  | { allowed: true; consequence: Exclude<Consequence, 'ask'>; because: readonly string[] }
  /** `waitSeconds`: the shortest that any policy gives those who are asked. */
  | { allowed: true; consequence: 'ask'; waitSeconds: number; because: readonly string[] }
  /** `detail` is for the alarm and never for the person: the policies themselves failed. */
  | { allowed: false; message: string; because: readonly string[]; detail?: string }

/** A floor refuses, whatever is permitted; of what is permitted the strictest counts; what nothing is said about passes, unless it needs a permit. */
export function decideAct(read: ReadonlyMap<string, ReadPolicy>, set: string, question: ActQuestion): ActDecision {
  const verdict = evaluate(set, cedarActQuestion(question))
  if (!verdict.ok)
    return {
      allowed: false,
      message:
        'The policies for this could not be evaluated, so the answer is no. Tell an administrator; the alarm in the ledger says which policy failed.',
      because: [],
      detail: verdict.error,
    }
  const decided = verdict.value.because.flatMap((id) => read.get(id) ?? [])
  const because = decided.map(({ name }) => name).sort()
  const floors = decided.flatMap((policy) => (policy.effect === 'forbid' ? [policy.floor] : []))
  if (floors.length > 0) return { allowed: false, message: [...new Set(floors)].sort().join(' '), because }
  const permits = decided.flatMap((policy) => ('act' in policy ? [policy] : []))
  if (permits.length === 0 && needsPermit(question.act.action, question.statements ?? false))
    return { allowed: false, message: notPermitted(question.act), because }
  const consequence = strictestOf(permits.map(({ act }) => act))
  if (consequence !== 'ask') return { allowed: true, consequence, because }
  const waits = permits.filter(({ act }) => act === 'ask').map(({ waitSeconds }) => waitSeconds)
  return { allowed: true, consequence, waitSeconds: Math.min(...waits), because }
}

function notPermitted(act: SessionAct): string {
  if (act.action === 'forward')
    return `No policy lets you forward ${act.direction === 'local' ? 'connections to' : 'connections from'} ${act.host}:${act.port} here. Work in a session on the target, or ask an administrator.`
  if (act.action === 'transfer')
    return 'No policy lets files of your machine pass in a session of statements. A permit for transfer on this account would; ask an administrator.'
  return 'No policy lets you do this here. Ask an administrator.'
}
