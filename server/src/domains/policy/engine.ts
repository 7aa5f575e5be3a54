/*
 * Terminology
 *
 * - permit: a policy that lets somebody ask, and says in its annotations what must be collected for it
 * - floor: a forbid with the sentence that the refused person reads; looks at what *was* collected, at release
 * - obligations: what all permits that matched demand together, the strictest of each
 */
import { fail, ok, type Result } from '../../kernel/result.ts'
import { evaluate, keepSet, validateAll } from './cedar.ts'
import { type ActDecision, decideAct } from './decide-act.ts'
import { type Decision, refuse, whatIsMissing } from './decision.ts'
import type { PolicyError } from './errors.ts'
import { strictest, withTierFloor } from './obligations.ts'
import { type ActQuestion, cedarQuestion, effectiveTier, type PolicyQuestion } from './question.ts'
import { type PolicyText, type ReadPolicy, readPolicy } from './read-policy.ts'
import { type ActName, attributesOf } from './session-act.ts'

export interface PolicyEngine {
  /** Decides one question; never throws. About 0.3 ms. */
  decide(question: PolicyQuestion): Decision
  /** Decides one act in a session that runs; never throws. */
  decideAct(question: ActQuestion): ActDecision
  /** Whether any policy looks at what is done by such an act; false: the answer is the same for all of one session. */
  restsOnAct(action: ActName): boolean
  /** The first larger number of bytes for which the answer about a transfer may be another one; null: there is none. */
  nextSize(bytes: number): number | null
  /** What it was made of, in the order given. */
  readonly policies: readonly { id: string; name: string; effect: 'permit' | 'forbid' }[]
}

/** Loads a set of policies, or says which one is wrong. An empty set permits nothing. */
export function createPolicyEngine(policies: readonly PolicyText[]): Result<PolicyEngine, PolicyError> {
  const read = new Map<string, ReadPolicy>()
  const names = new Set<string>()
  for (const policy of policies) {
    if (read.has(policy.id) || names.has(policy.name)) return fail({ code: 'policy.name_taken', policy: policy.name })
    const one = readPolicy(policy)
    if (!one.ok) return one
    read.set(policy.id, one.value)
    names.add(policy.name)
  }
  const texts = Object.fromEntries(policies.map(({ id, text }) => [id, text]))
  const valid = validateAll(texts)
  if (!valid.ok) return fail({ code: 'policy.does_not_validate', policy: read.get(valid.error.id)?.name ?? 'set', why: valid.error.why })
  const set = keepSet(texts)
  if (!set.ok) return fail({ code: 'policy.does_not_parse', policy: 'set', why: set.error })

  return ok({
    policies: [...read.values()].map(({ id, name, effect }) => ({ id, name, effect })),
    decide: (question) => decide(read, set.value, question),
    decideAct: (question) => decideAct(read, set.value, question),
    restsOnAct: (action) =>
      [...read.values()].some(
        ({ actions, looksAt }) => (actions?.includes(action) ?? true) && attributesOf(action).some((attribute) => looksAt.has(attribute)),
      ),
    nextSize: (bytes) => nextSize([...read.values()], bytes),
  })
}

function decide(read: ReadonlyMap<string, ReadPolicy>, set: string, question: PolicyQuestion): Decision {
  const verdict = evaluate(set, cedarQuestion(question))
  if (!verdict.ok) return refuse('policy.error', question, [], verdict.error)
  const decided = verdict.value.because.flatMap((id) => read.get(id) ?? [])
  const because = decided.map((policy) => policy.name).sort()

  const floors = decided.flatMap((policy) => (policy.effect === 'forbid' ? [policy.floor] : []))
  if (floors.length > 0) return refuse('policy.forbidden', question, because, [...new Set(floors)].sort().join(' '))
  const permits = decided.flatMap((policy) => ('obligations' in policy ? [policy.obligations] : []))
  if (!verdict.value.allow || permits.length === 0) return refuse('policy.no_permit', question, because)

  const obligations = withTierFloor(strictest(permits), effectiveTier(question.resource))
  const missing = whatIsMissing(question, obligations)
  if (missing) return refuse(missing.code, question, because, missing.message)
  return { allowed: true, obligations, because }
}

/** Between the numbers that policies compare with, no answer changes: it does at one of them, or right behind it. */
function nextSize(policies: readonly ReadPolicy[], bytes: number): number | null {
  const sizes = policies.flatMap(({ sizes }) => sizes ?? [bytes])
  const later = sizes.flatMap((size) => [size, size + 1]).filter((size) => size > bytes)
  return later.length === 0 ? null : Math.min(...later)
}
